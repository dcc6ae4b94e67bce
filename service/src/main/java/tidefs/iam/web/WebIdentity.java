package tidefs.iam.web;

/**
 * Whom a token is about, once its issuer is known to have written it.
 *
 * @param provider the issuer without its scheme, as the ARN of an OIDC provider ends and condition
 *     keys begin
 */
public record WebIdentity(String provider, String subject, String audience) {}
