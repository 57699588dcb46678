import { observable, useObservable } from "./observable";

export interface Customer {
  readonly name: string;
  readonly email: string;
}

const customer = observable<Customer | null>(null);

/** Who is signed in, or `null`. */
export function useCustomer(): Customer | null {
  return useObservable(customer);
}

export function signIn(who: Customer): void {
  customer.set(who);
}

export function signOut(): void {
  customer.set(null);
}
