/**
 * Identities that others vouch for: tokens of OpenID Connect issuers, checked against the issuers'
 * keys. It may use {@code base} and a JSON library.
 */
@NullMarked
package tidefs.iam.web;

import org.jspecify.annotations.NullMarked;
