// A Backstage backend as an adopter writes it. It ends when whoever started it closes its input or dies.
const { createBackend } = require("@backstage/backend-defaults");
const { dynamicPluginsFeatureLoader } = require("@backstage/backend-dynamic-feature-service");

process.stdin.resume().on("end", () => process.exit(0));

const backend = createBackend();
backend.add(dynamicPluginsFeatureLoader);
backend.start();
