import { useCustomer } from "@storefront/store";
import { buttonClass } from "@storefront/ui";
import person from "@storefront/ui/icons/person.svg";
import { Link } from "react-router";

import "./SignInButton.css";

export interface SignInButtonProps {
  /** Path of the account in the host's routes. */
  readonly accountPath: string;
}

/** "Sign in", or the name of the customer who has. */
export default function SignInButton({ accountPath }: SignInButtonProps) {
  const customer = useCustomer();
  return (
    <Link
      to={accountPath}
      className={`${buttonClass("outline")} account-button`}
      data-testid="sign-in-button"
    >
      <img src={person} alt="" width={18} height={18} />
      <span>{customer ? customer.name.split(" ")[0] : "Sign in"}</span>
    </Link>
  );
}
