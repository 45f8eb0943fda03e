/** What was expected instead, where the words are none of the verb's. */
export class Expected extends Error {}
