import { jsonText } from './json.ts';
import type { VerifiedPackage, VerifyResult } from './verify-result.ts';

/** The result as `schemaVersion` 1; docs/json.md describes it. */
export function verifyJson({ packages, coverage }: VerifyResult): string {
  return jsonText({ schemaVersion: 1, packages: packages.map(packageJson), coverage });
}

function packageJson({ name, version, purl, registry, verdict, reasons, source, accepted }: VerifiedPackage): object {
  return {
    name,
    version,
    purl,
    registry: registry ?? null,
    verdict,
    reasons,
    ...(source === undefined
      ? {}
      : {
          source: {
            repository: source.repository,
            ref: source.ref,
            commit: source.commit,
            workflow: source.workflow,
            builder: source.builder,
            run: source.run,
            trigger: source.trigger,
            loggedAt: source.loggedAt === undefined ? undefined : new Date(source.loggedAt).toISOString(),
            logIndex: source.logIndex,
          },
        }),
    ...(accepted === undefined ? {} : { accepted }),
  };
}
