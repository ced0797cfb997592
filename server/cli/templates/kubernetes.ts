// The Kubernetes manifest: one replica with a volume of its own, a Service, and an Ingress.
import { imageName, MAX_MEMORY_MB } from './compose.js';
import { siteOf, type Deployment, type Site } from './deployment.js';
import { STATE_PATH, USER_ID } from './image.js';
import { yamlText } from './quoting.js';

/** Tokens come from a Secret called `shardlight`, which is not in here. */
export function kubernetesManifest(deployment: Deployment): string {
  const site = siteOf(deployment);
  return `# Shardlight in Kubernetes.
#   docker build --tag <your registry>/shardlight . && docker push <your registry>/shardlight    then name it at \`image\`
#   kubectl create secret generic shardlight --from-env-file=.env
#   kubectl apply --filename kubernetes.yaml
${[volumeClaim(), workload(deployment), service(), ingress(site)].join('---\n')}`;
}

const volumeClaim = (): string => `apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: shardlight
spec:
  accessModes:
    - ReadWriteOnce
  resources:
    requests:
      storage: 1Gi
`;

const workload = (deployment: Deployment): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: shardlight
  labels:
    app.kubernetes.io/name: shardlight
spec:
  # One writer a state file: a second one would refuse to start, so the old one ends before the new one begins.
  replicas: 1
  strategy:
    type: Recreate
  selector:
    matchLabels:
      app.kubernetes.io/name: shardlight
  template:
    metadata:
      labels:
        app.kubernetes.io/name: shardlight
    spec:
      automountServiceAccountToken: false
      # Kubernetes would set SHARDLIGHT_PORT to the address of the Service below.
      enableServiceLinks: false
      terminationGracePeriodSeconds: 10
      securityContext:
        runAsNonRoot: true
        runAsUser: ${USER_ID}
        runAsGroup: ${USER_ID}
        fsGroup: ${USER_ID}
        fsGroupChangePolicy: OnRootMismatch
        seccompProfile:
          type: RuntimeDefault
      containers:
${container(deployment)}
      volumes:
        - name: state
          persistentVolumeClaim:
            claimName: shardlight
`;

const container = (deployment: Deployment): string => `        - name: shardlight
          image: ${imageName(deployment)}
          imagePullPolicy: IfNotPresent
          envFrom:
            - secretRef:
                name: shardlight
          # These win over the Secret.
          env:
            - name: SHARDLIGHT_HOST
              value: '0.0.0.0'
            - name: SHARDLIGHT_PORT
              value: '${deployment.port}'
            - name: SHARDLIGHT_STATE
              value: ${STATE_PATH}
            - name: SHARDLIGHT_PUBLIC_URL
              value: ${kubernetesText(deployment.publicUrl)}
            # Where the pods of your ingress are: narrow it to their network.
            - name: SHARDLIGHT_TRUSTED_PROXY
              value: 10.0.0.0/8,172.16.0.0/12,192.168.0.0/16
          ports:
            - name: http
              containerPort: ${deployment.port}
          livenessProbe:
            httpGet:
              path: /healthz
              port: http
            periodSeconds: 10
            failureThreshold: 3
          readinessProbe:
            httpGet:
              path: /readyz
              port: http
            periodSeconds: 5
            failureThreshold: 2
          resources:
            requests:
              cpu: 100m
              memory: 192Mi
            # Over twice what the largest fleet measured takes. A limit of processes is the kubelet's: podPidsLimit, 100 is plenty.
            limits:
              memory: ${MAX_MEMORY_MB}Mi
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities:
              drop:
                - ALL
          volumeMounts:
            - name: state
              mountPath: /data`;

const service = (): string => `apiVersion: v1
kind: Service
metadata:
  name: shardlight
  labels:
    app.kubernetes.io/name: shardlight
spec:
  selector:
    app.kubernetes.io/name: shardlight
  ports:
    - name: http
      port: 80
      targetPort: http
`;

const ingress = ({ host, isTls, base }: Site): string => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shardlight
spec:${
  isTls
    ? `
  # The certificate, as cert-manager or you put it there.
  tls:
    - hosts:
        - ${yamlText(host)}
      secretName: shardlight-tls`
    : ''
}
  rules:
    - host: ${yamlText(host)}
      http:
        paths:
          - path: ${base || '/'}
            pathType: Prefix
            backend:
              service:
                name: shardlight
                port:
                  name: http
`;

/** Kubernetes puts variables in for "$(NAME)". */
const kubernetesText = (value: string): string => yamlText(value.replaceAll('$', '$$$$'));
