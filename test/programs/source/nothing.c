/* Begins and ends: what starting a machine costs, for `npm run bench`. */
#include "console.h"

int main(void)
{
    print("nothing\n");
    return 0;
}
