import { useCustomer } from "@storefront/store";

import { Orders } from "./Orders";
import { SignInForm } from "./SignInForm";

import "./account.css";

/** The customer's page: a form to sign in with, then orders and returns. */
export default function AccountPage() {
  const customer = useCustomer();
  return (
    <div data-testid="account-page">
      <title>Account · Morrow</title>
      {customer ? <Orders customer={customer} /> : <SignInForm />}
    </div>
  );
}
