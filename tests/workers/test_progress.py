"""How a backfill tells where it is."""

from workers.progress import Progress, Summary


def test_progress_reads_well():
    """The line for people names rate and remaining time."""
    progress = Progress(100, 30, 20, 5, 5, 60.0, 12.5, 6000.0)

    assert str(progress) == (
        "25 of 100 done (20 stored, 5 rejected), 5 on their way, 12.5 a minute, ETA 1 h 40 min"
    )
    assert progress.as_json()["per_minute"] == 12.5


def test_trouble_is_part_of_the_line():
    """Why it waits is not hidden."""
    assert str(Progress(1, 0, 0, 0, 0, 1.0, 0.0, None, "Kho lưu trữ không trả lời.")) == (
        "0 of 1 done (0 stored, 0 rejected), 0 on their way, 0.0 a minute, ETA ?; "
        "Kho lưu trữ không trả lời."
    )


def test_summary_is_the_balance():
    """in = stored + rejected + pending."""
    summary = Summary(6, 3, 2, 1, 9.5, "data/x.csv")

    assert str(summary).startswith("in 6 = stored 3 + rejected 2 + pending 1; ")
    assert summary.as_json()["report"] == "data/x.csv"
