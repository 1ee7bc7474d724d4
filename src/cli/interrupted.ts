/** The user broke off; its message, if any, says what is kept. */
export class Interrupted extends Error {}
