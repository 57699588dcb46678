import { UserIdentity } from "@backstage/core-components";
import { createFrontendModule } from "@backstage/frontend-plugin-api";
import { SignInPageBlueprint, type SignInPageProps } from "@backstage/plugin-app-react";
import { useEffect } from "react";

function GuestSignIn({ onSignInSuccess }: SignInPageProps) {
  useEffect(() => onSignInSuccess(UserIdentity.createGuest()), [onSignInSuccess]);
  return null;
}

const signInPage = SignInPageBlueprint.make({ params: { loader: async () => GuestSignIn } });

/** Everyone is a guest, without being asked: this portal has no backend that could know them. */
export const signInModule = createFrontendModule({ pluginId: "app", extensions: [signInPage] });
