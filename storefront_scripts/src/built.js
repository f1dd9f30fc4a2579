/** What the build writes in: the app's client id and the style sheet. The values here serve when a module is run on its own. */
export const CLIENT_ID = 'unbuilt';
export const STYLE = '';
