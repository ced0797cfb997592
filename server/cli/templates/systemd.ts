// The systemd unit: Shardlight as a service that can read its folder, write its state, and do nothing else.
import { siteOf, type Deployment } from './deployment.js';
import { unitCommand, unitPath, whyNoUnitCommand, whyNoUnitPath } from './quoting.js';

const HOMES = /^\/(home|root|run\/user)(\/|$)/;

export interface Place {
  /** Full path of the folder with `.env`; relative paths in there begin here. */
  folder: string;
  /** Full path of a program and its arguments, those with spaces in double quotes. */
  command: string;
}

/** Why no unit can hold this folder or command, in a sentence; null: one can. */
export const whyNoUnit = ({ folder, command }: Place): string | null =>
  whyNoUnitPath(folder) ?? whyNoUnitCommand(command);

/** Throws what `whyNoUnit` says. */
export function systemdUnit(deployment: Deployment, { folder, command }: Place): string {
  siteOf(deployment);
  const isAtHome = [folder, command].some((path) => HOMES.test(path));
  return `# Shardlight as a service. As root:
#   cp shardlight.service /etc/systemd/system/
#   systemctl daemon-reload && systemctl enable --now shardlight
#   journalctl --unit shardlight --follow
[Unit]
Description=Shardlight, a status page for Discord bots
Wants=network-online.target
After=network-online.target

[Service]
Type=exec
WorkingDirectory=${unitPath(folder)}
ExecStart=${unitCommand(command)}
# For a reverse proxy on this machine. What .env says wins over what is set here.
Environment=SHARDLIGHT_HOST=127.0.0.1 SHARDLIGHT_TRUSTED_PROXY=127.0.0.1,::1
Environment=SHARDLIGHT_PORT=${deployment.port}
Environment=SHARDLIGHT_PUBLIC_URL=${specifierless(deployment.publicUrl)}
Environment=SHARDLIGHT_STATE=%S/shardlight/shardlight-state.json
# systemd reads .env, so that it may belong to root alone (chmod 600); the service itself must not try to.
EnvironmentFile=${unitPath(folder.replace(/\/+$/, ''))}/.env
Environment=SHARDLIGHT_ENV_FILE=/dev/null

# 78: the configuration is wrong, and stays so until somebody mends it.
Restart=on-failure
RestartSec=2
RestartPreventExitStatus=78
TimeoutStopSec=10
LimitNOFILE=65536

${hardening(isAtHome)}
[Install]
WantedBy=multi-user.target
`;
}

const hardening = (
  isAtHome: boolean,
): string => `# A user of its own that exists while the service runs. Its state is kept in /var/lib/shardlight.
DynamicUser=yes
StateDirectory=shardlight
StateDirectoryMode=0700
UMask=0077

# Whatever it does not need, it may not do. (MemoryDenyWriteExecute cannot be: node compiles while it runs.)
AmbientCapabilities=
CapabilityBoundingSet=
LockPersonality=yes
NoNewPrivileges=yes
PrivateDevices=yes
PrivateTmp=yes
PrivateUsers=yes
ProcSubset=pid
ProtectClock=yes
ProtectControlGroups=yes
ProtectHome=${isAtHome ? 'read-only' : 'yes'}
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
ProtectSystem=strict
RemoveIPC=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM
`;

const specifierless = (url: string): string => url.replaceAll('%', '%%');
