import { signIn } from "@storefront/store";
import { Button, Card, Field } from "@storefront/ui";

export function SignInForm() {
  return (
    <Card className="account-sign-in" aria-labelledby="sign-in-title">
      <h1 id="sign-in-title">Sign in</h1>
      <p className="ui-quiet">
        This shop is an example: any name will do, and it leaves your browser with the page.
      </p>
      <form
        className="account-form"
        data-testid="sign-in-form"
        action={(form) => {
          signIn({
            name: String(form.get("name")).trim(),
            email: String(form.get("email")).trim(),
          });
        }}
      >
        <Field label="Name" name="name" autoComplete="name" required pattern=".*\S.*" />
        <Field label="Email" name="email" type="email" autoComplete="email" required />
        <Button type="submit">Sign in</Button>
      </form>
    </Card>
  );
}
