import { Sidebar, SidebarItem } from "@backstage/core-components";
import { createFrontendModule } from "@backstage/frontend-plugin-api";
import { NavContentBlueprint } from "@backstage/plugin-app-react";

import { Logo } from "./Logo";

const navContent = NavContentBlueprint.make({
  params: {
    component: ({ navItems }) => (
      <Sidebar>
        <Logo />
        {navItems.rest().map(({ node, href, icon, title }) => (
          <SidebarItem key={node.spec.id} to={href} icon={() => icon} text={title} />
        ))}
      </Sidebar>
    ),
  },
});

/** The sidebar: a logo, and every page that has a title and an icon. */
export const navModule = createFrontendModule({ pluginId: "app", extensions: [navContent] });
