export const ENGLISH = {
  "language": "en",
  "loading": "Loading your invoices",
  "try_again": "Try again",
  "unreachable": "We could not reach your invoices. Try again in a moment.",
  "sign_in": "Sign in",
  "not_signed_in": "Sign in to see your company’s invoices.",
  "invoice": "Invoice",
  "paying_one": "You are paying {n} invoice",
  "paying_other": "You are paying {n} invoices",
  "paying_now": "Paying now",
  "change_amounts": "Change amounts",
  "start_again": "Start again from your invoices",
  "checkout_silent": "We could not reach your invoices to show more. You can pay all the same.",
  "checkout_mixed": "This cart mixes invoices with other products. Pay them separately."
};
