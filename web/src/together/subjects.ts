/** What parties have to do with each other: what a partner can be told of, by the API's words. */
export const SUBJECTS = ['words'];
