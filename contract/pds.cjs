// A Bluesky directory and PDS on loopback. Arguments: the folder of node_modules, the directory's port, the PDS's port.
const net = require("node:net");
const path = require("node:path");

// The PDS takes no host to listen on and would be open to the network.
const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (port, ...rest) {
  const done = rest.find((one) => typeof one === "function");
  return listen.call(this, { port: Number(port?.port ?? port), host: "127.0.0.1" }, done);
};

const [folder, directory, port] = process.argv.slice(2);
const { TestNetworkNoAppView } = require(path.join(folder, "node_modules", "@atproto", "dev-env"));
TestNetworkNoAppView.create({ plc: { port: Number(directory) }, pds: { port: Number(port), hostname: "localhost" } });
