/* What `npm run bench` measures: integer work of several kinds, each about four million instructions a round; each prints a check sum. */
#include "console.h"

#ifndef ROUNDS
#define ROUNDS 80
#endif

static u64 seed;
static u32 random(void)
{
    seed = seed * 6364136223846793005ul + 1442695040888963407ul;
    return (u32)(seed >> 32);
}

/* ── sort ── */
#define ITEMS 21500
static u32 items[ITEMS];

static void quicksort(u32 *a, i64 low, i64 high)
{
    while (low < high) {
        u32 pivot = a[(low + high) >> 1];
        i64 i = low, j = high;
        while (i <= j) {
            while (a[i] < pivot)
                i++;
            while (a[j] > pivot)
                j--;
            if (i <= j) {
                u32 t = a[i];
                a[i++] = a[j];
                a[j--] = t;
            }
        }
        if (j - low < high - i) {
            quicksort(a, low, j);
            low = i;
        } else {
            quicksort(a, i, high);
            high = j;
        }
    }
}

static u64 sort(void)
{
    for (int n = 0; n < ITEMS; n++)
        items[n] = random();
    quicksort(items, 0, ITEMS - 1);
    u64 sum = 0;
    for (int n = 0; n < ITEMS; n++)
        sum = sum * 31 + items[n];
    return sum;
}

/* ── hash: SHA-256 of a text of 64 KiB ── */
#define TEXT 65536
static u8 text[TEXT];
static const u32 constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be,
    0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa,
    0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85,
    0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
    0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f,
    0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static u32 rotate(u32 v, int by) { return v >> by | v << (32 - by); }

static void block(u32 h[8], const u8 *from)
{
    u32 w[64], s[8];
    for (int t = 0; t < 16; t++)
        w[t] = (u32)from[4 * t] << 24 | from[4 * t + 1] << 16 | from[4 * t + 2] << 8 | from[4 * t + 3];
    for (int t = 16; t < 64; t++) {
        u32 a = w[t - 15], b = w[t - 2];
        w[t] = w[t - 16] + (rotate(a, 7) ^ rotate(a, 18) ^ a >> 3) + w[t - 7] + (rotate(b, 17) ^ rotate(b, 19) ^ b >> 10);
    }
    for (int n = 0; n < 8; n++)
        s[n] = h[n];
    for (int t = 0; t < 64; t++) {
        u32 e = s[4], a = s[0];
        u32 t1 = s[7] + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & s[5]) ^ (~e & s[6])) + constants[t] + w[t];
        u32 t2 = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & s[1]) ^ (a & s[2]) ^ (s[1] & s[2]));
        s[7] = s[6], s[6] = s[5], s[5] = e;
        s[4] = s[3] + t1;
        s[3] = s[2], s[2] = s[1], s[1] = a;
        s[0] = t1 + t2;
    }
    for (int n = 0; n < 8; n++)
        h[n] += s[n];
}

static u64 hash(void)
{
    u32 h[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    for (int n = 0; n < TEXT; n++)
        text[n] = (u8)random();
    for (int n = 0; n < TEXT; n += 64)
        block(h, text + n);
    return (u64)h[0] << 32 | h[7];
}

/* ── crc ── */
static u32 crc_table[256];

static u64 crc(void)
{
    for (u32 n = 0; n < 256; n++) {
        u32 c = n;
        for (int k = 0; k < 8; k++)
            c = c & 1 ? 0xedb88320 ^ c >> 1 : c >> 1;
        crc_table[n] = c;
    }
    u32 c = 0xffffffff;
    for (int pass = 0; pass < 8; pass++)
        for (int n = 0; n < TEXT; n++)
            c = crc_table[(c ^ text[n]) & 0xff] ^ c >> 8;
    return ~c;
}

/* ── matrix ── */
#define SIDE 84
static i64 left[SIDE][SIDE], right[SIDE][SIDE], product[SIDE][SIDE];

static u64 matrix(void)
{
    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++) {
            left[y][x] = (i32)random();
            right[y][x] = (i32)random() >> 8;
        }
    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++) {
            i64 sum = 0;
            for (int k = 0; k < SIDE; k++)
                sum += left[y][k] * right[k][x];
            product[y][x] = sum;
        }
    u64 sum = 0;
    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++)
            sum = sum * 17 + (u64)product[y][x];
    return sum;
}

/* ── memcpy ── */
static u8 copy[TEXT + 64];

static u64 copies(void)
{
    u64 sum = 0;
    for (int pass = 0; pass < 184; pass++) {
        memcpy(copy + (pass & 7), text + (pass & 31), TEXT - 64);
        sum = sum * 13 + copy[(pass * 977) & (TEXT - 1)];
    }
    return sum;
}

/* ── divide ── */
static u64 divide(void)
{
    u64 sum = 0;
    for (int n = 0; n < 155000; n++) {
        u64 a = (u64)random() << 32 | random();
        u64 b = (u64)random() << (n & 31) | 1;
        sum += a / b + a % b;
        sum ^= (u64)((i64)a / (i64)(b | 2)) + (u32)a / ((u32)b | 1);
    }
    return sum;
}

static const struct {
    const char *name;
    u64 (*work)(void);
} kinds[] = {{"sort", sort}, {"hash", hash}, {"crc", crc}, {"matrix", matrix}, {"memcpy", copies}, {"divide", divide}};
#define KINDS (sizeof kinds / sizeof *kinds)

int main(void)
{
    u64 sums[KINDS] = {0};
    for (int round = 0; round < ROUNDS; round++) {
        seed = 20240229 + round;
        for (unsigned k = 0; k < KINDS; k++)
            sums[k] = sums[k] * 7 + kinds[k].work();
    }
    for (unsigned k = 0; k < KINDS; k++)
        print("%s %016lx\n", kinds[k].name, sums[k]);
    return 0;
}
