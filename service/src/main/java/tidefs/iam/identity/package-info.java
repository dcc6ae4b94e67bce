/**
 * The users of an account: their access keys, temporary credentials and policies. Uses {@code iam},
 * {@code iam.policy} and {@code base}; what is kept goes through {@link IdentityStore}.
 */
@NullMarked
package tidefs.iam.identity;

import org.jspecify.annotations.NullMarked;
