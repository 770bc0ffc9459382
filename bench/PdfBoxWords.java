// The text of one-page PDFs as PDFBox finds it: java -cp JAR PdfBoxWords.java FILE... > JSON.
// [{"text": "…", "words": [["…", left, top, right, bottom]]}] for each file, in points from the upper left.
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.apache.pdfbox.text.TextPosition;

public class PdfBoxWords extends PDFTextStripper {
    private final List<String> words = new ArrayList<>();

    @Override
    protected void writeString(String text, List<TextPosition> positions) throws IOException {
        // A run holds the words of a line whose spaces are characters of the PDF.
        StringBuilder word = new StringBuilder();
        List<TextPosition> letters = new ArrayList<>();
        for (TextPosition one : positions) {
            if (one.getUnicode().isBlank()) {
                add(word, letters);
            } else {
                word.append(one.getUnicode());
                letters.add(one);
            }
        }
        add(word, letters);
        super.writeString(text, positions);
    }

    private void add(StringBuilder word, List<TextPosition> letters) {
        if (letters.isEmpty()) {
            return;
        }
        float left = Float.MAX_VALUE, top = Float.MAX_VALUE, right = 0, bottom = 0;
        for (TextPosition one : letters) {
            left = Math.min(left, one.getXDirAdj());
            top = Math.min(top, one.getYDirAdj() - one.getHeightDir());
            right = Math.max(right, one.getXDirAdj() + one.getWidthDirAdj());
            bottom = Math.max(bottom, one.getYDirAdj());
        }
        words.add(String.format(Locale.ROOT, "[%s,%.3f,%.3f,%.3f,%.3f]", quoted(word.toString()), left, top, right, bottom));
        word.setLength(0);
        letters.clear();
    }

    private static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (char one : text.toCharArray()) {
            if (one < 0x20 || one == '"' || one == '\\' || one > 0x7e) {
                out.append(String.format("\\u%04x", (int) one));
            } else {
                out.append(one);
            }
        }
        return out.append('"').toString();
    }

    public static void main(String[] files) throws IOException {
        List<String> found = new ArrayList<>();
        for (String file : files) {
            try (PDDocument document = Loader.loadPDF(new File(file))) {
                PdfBoxWords reader = new PdfBoxWords();
                String text = reader.getText(document);
                found.add("{\"text\":" + quoted(text) + ",\"words\":[" + String.join(",", reader.words) + "]}");
            }
        }
        new PrintStream(System.out, true, "UTF-8").print("[" + String.join(",", found) + "]");
    }
}
