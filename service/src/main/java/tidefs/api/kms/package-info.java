/**
 * As much of KMS (2014-11-01, awsJson1.1) as clients of EFS need to name the key of a file system:
 * keys and aliases, but no cryptography. It may use {@code control}, {@code iam} and {@code api}.
 */
@NullMarked
package tidefs.api.kms;

import org.jspecify.annotations.NullMarked;
