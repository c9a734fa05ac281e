// Outpost's SDK with nothing changed but the base URL, for the scripts beside this one.
// Their arguments: BASE-URL OPERATOR-KEY
import { Outpost } from "@hookdeck/outpost-sdk";

export const [serverURL, apiKey] = process.argv.slice(2);
export const as = (bearer) => new Outpost({ serverURL, apiKey: bearer });
export const outpost = as(apiKey);

/** What the SDK says of a refusal. */
export const refused = async (promise) => {
  try {
    await promise;
    return "nothing";
  } catch (error) {
    return `${error.constructor.name} ${error.statusCode} ${error.body ?? error.message}`;
  }
};
