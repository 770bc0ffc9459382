/* Rows of ink in, the arithmetic-coded data of a JBIG2 generic region out.
 *
 * ITU-T T.88: the region is coded as 6.2.5 says, with template 0, its four adaptive pixels at
 * their nominal places and typical prediction; the MQ encoder is that of annex E.2. No state
 * outlives a call, so that the same rows give the same bytes, and processes need no lock.
 * It is loaded with ctypes: no header of Python is needed to build it.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define CONTEXTS 65536
#define TYPICAL_CONTEXT 0x9B25 /* figure 8 */

typedef struct {
    uint16_t qe;
    uint8_t after_more_probable, after_less_probable, swap;
} State;

static const State STATES[47] = { /* table E.1 */
    {0x5601, 1, 1, 1},    {0x3401, 2, 6, 0},    {0x1801, 3, 9, 0},    {0x0AC1, 4, 12, 0},
    {0x0521, 5, 29, 0},   {0x0221, 38, 33, 0},  {0x5601, 7, 6, 1},    {0x5401, 8, 14, 0},
    {0x4801, 9, 14, 0},   {0x3801, 10, 14, 0},  {0x3001, 11, 17, 0},  {0x2401, 12, 18, 0},
    {0x1C01, 13, 20, 0},  {0x1601, 29, 21, 0},  {0x5601, 15, 14, 1},  {0x5401, 16, 14, 0},
    {0x5101, 17, 15, 0},  {0x4801, 18, 16, 0},  {0x3801, 19, 17, 0},  {0x3401, 20, 18, 0},
    {0x3001, 21, 19, 0},  {0x2801, 22, 19, 0},  {0x2401, 23, 20, 0},  {0x2201, 24, 21, 0},
    {0x1C01, 25, 22, 0},  {0x1801, 26, 23, 0},  {0x1601, 27, 24, 0},  {0x1401, 28, 25, 0},
    {0x1201, 29, 26, 0},  {0x1101, 30, 27, 0},  {0x0AC1, 31, 28, 0},  {0x09C1, 32, 29, 0},
    {0x08A1, 33, 30, 0},  {0x0521, 34, 31, 0},  {0x0441, 35, 32, 0},  {0x02A1, 36, 33, 0},
    {0x0221, 37, 34, 0},  {0x0141, 38, 35, 0},  {0x0111, 39, 36, 0},  {0x0085, 40, 37, 0},
    {0x0049, 41, 38, 0},  {0x0025, 42, 39, 0},  {0x0015, 43, 40, 0},  {0x0009, 44, 41, 0},
    {0x0005, 45, 42, 0},  {0x0001, 45, 43, 0},  {0x5601, 46, 46, 0},
};

typedef struct {
    uint32_t a, c;
    int ct;
    int byte; /* the last one, which a carry may still raise; -1 before the first */
    uint8_t *out;
    size_t size, room;
    uint8_t index[CONTEXTS], more_probable[CONTEXTS];
} Coder;

static void put(Coder *m) { /* the last byte is final */
    if (m->byte < 0) return;
    if (m->size < m->room) m->out[m->size] = (uint8_t)m->byte;
    m->size++; /* beyond the room it only counts */
}

static void byte_out(Coder *m) { /* figure E.8 */
    if (m->byte != 0xFF && m->c >= 0x8000000) {
        m->byte++;
        if (m->byte == 0xFF) m->c &= 0x7FFFFFF;
    }
    put(m);
    if (m->byte == 0xFF) {
        m->byte = (int)(m->c >> 20);
        m->c &= 0xFFFFF;
        m->ct = 7;
    } else {
        m->byte = (int)(m->c >> 19) & 0xFF;
        m->c &= 0x7FFFF;
        m->ct = 8;
    }
}

static void encode(Coder *m, uint32_t context, int bit) { /* figures E.3 to E.7 */
    const State *state = &STATES[m->index[context]];
    uint32_t qe = state->qe;
    m->a -= qe;
    if (bit == m->more_probable[context]) {
        if (m->a & 0x8000) {
            m->c += qe;
            return;
        }
        if (m->a < qe) m->a = qe;
        else m->c += qe;
        m->index[context] = state->after_more_probable;
    } else {
        if (m->a < qe) m->c += qe;
        else m->a = qe;
        if (state->swap) m->more_probable[context] ^= 1;
        m->index[context] = state->after_less_probable;
    }
    do {
        m->a <<= 1;
        m->c <<= 1;
        if (--m->ct == 0) byte_out(m);
    } while (!(m->a & 0x8000));
}

static void flush(Coder *m) { /* figure E.11 */
    uint32_t top = m->c + m->a;
    m->c |= 0xFFFF;
    if (m->c >= top) m->c -= 0x8000;
    m->c <<= m->ct;
    byte_out(m);
    m->c <<= m->ct;
    byte_out(m);
    put(m);
    if (m->byte != 0xFF) {
        m->byte = 0xFF;
        put(m);
    }
    m->byte = 0xAC;
    put(m);
}

static void encode_row(Coder *m, const uint8_t *row, const uint8_t *above, const uint8_t *above2,
                       long width) {
    /* Figure 3: five pixels two rows up, seven one row up, four to the left. */
    uint32_t two = (uint32_t)(above2[0] << 1 | above2[1]);
    uint32_t one = (uint32_t)(above[0] << 2 | above[1] << 1 | above[2]);
    uint32_t left = 0;
    for (long x = 0; x < width; x++) {
        two = (two << 1 | above2[x + 2]) & 0x1F;
        one = (one << 1 | above[x + 3]) & 0x7F;
        encode(m, two << 11 | one << 4 | left, row[x]);
        left = (left << 1 | row[x]) & 0xF;
    }
}

/* Encode `height` rows of `width` bytes (not 0: ink). Return how many bytes the data has, of which
 * no more than `room` were written to `out`, or 0 when there was no memory. */
size_t sohoa_jbig2_encode(const uint8_t *ink, long width, long height, uint8_t *out, size_t room) {
    size_t stride = (size_t)width + 4; /* three white pixels beyond the right edge */
    Coder *m = calloc(1, sizeof *m);
    uint8_t *rows = calloc(3, stride);
    if (!m || !rows) {
        free(m);
        free(rows);
        return 0;
    }
    m->a = 0x8000; /* figure E.10 */
    m->ct = 12;
    m->byte = -1;
    m->out = out;
    m->room = room;
    uint8_t *row = rows, *above = rows + stride, *above2 = rows + 2 * stride;
    int typical_before = 0;
    for (long y = 0; y < height; y++) {
        const uint8_t *source = ink + (size_t)y * (size_t)width;
        for (long x = 0; x < width; x++) row[x] = source[x] != 0;
        int typical = memcmp(row, above, (size_t)width) == 0; /* 6.2.5.7 */
        encode(m, TYPICAL_CONTEXT, typical ^ typical_before);
        typical_before = typical;
        if (!typical) encode_row(m, row, above, above2, width);
        uint8_t *oldest = above2;
        above2 = above;
        above = row;
        row = oldest;
    }
    flush(m);
    size_t size = m->size;
    free(m);
    free(rows);
    return size;
}
