/**
 * The IAM and STS APIs: users, their keys and policies, and who a caller is. Parameters in a form,
 * replies in XML. May use {@code api}, {@code iam} and what is below it.
 */
@NullMarked
package tidefs.api.iam;

import org.jspecify.annotations.NullMarked;
