/* Output of a bare program, and its end. */
#pragma once
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long u64;
typedef int i32;
typedef long i64;

void put(char c);
void flush(void);
/* %d %u %x with l, %s %c %%; a width, with leading zeros. */
void print(const char *format, ...) __attribute__((format(printf, 1, 2)));
void power_off(void) __attribute__((noreturn));

void *memcpy(void *to, const void *from, u64 count);
void *memset(void *to, int value, u64 count);
int memcmp(const void *a, const void *b, u64 count);
