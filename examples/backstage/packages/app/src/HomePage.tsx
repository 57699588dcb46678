import { appTreeApiRef, coreExtensionData, useApi, type FrontendPlugin } from "@backstage/frontend-plugin-api";
import { Alert, Card, CardBody, CardHeader, Container, Flex, Grid, Link, Text } from "@backstage/ui";

import { useProblems } from "./problems";

/** Which plugins the page is made of, and what could not be loaded. */
export function HomePage() {
  const problems = useProblems();
  return (
    <Container>
      <Flex direction="column" gap="6" py="6">
        <Text as="p" variant="body-large" color="secondary">
          This portal was put together in your browser: its plugins come from remotes that were built on
          their own.
        </Text>
        {problems.map(({ message }) => (
          <Alert key={message} status="danger" icon title={message} data-testid="problem" />
        ))}
        <Grid.Root columns={{ initial: "1", sm: "2", lg: "3" }} gap="4">
          {usePages().map(({ plugin, path }) => (
            <Card key={plugin.pluginId} data-testid={`plugin-${plugin.pluginId}`}>
              <CardHeader>
                <Text variant="title-x-small">{plugin.title}</Text>
              </CardHeader>
              <CardBody>
                <Link href={path}>Open</Link>
              </CardBody>
            </Card>
          ))}
        </Grid.Root>
      </Flex>
    </Container>
  );
}

/** All pages but this one, in the order in which their plugins were installed. */
function usePages(): { plugin: FrontendPlugin; path: string }[] {
  const { tree } = useApi(appTreeApiRef).getTree();
  const pages = tree.nodes.get("app/routes")?.edges.attachments.get("routes") ?? [];
  return pages.flatMap(({ instance, spec: { plugin } }) => {
    const path = instance?.getData(coreExtensionData.routePath);
    return path && path !== "/" && plugin.title ? { plugin, path } : [];
  });
}
