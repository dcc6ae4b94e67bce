/**
 * Policy documents of IAM and what they decide ("Policy evaluation logic", "IAM JSON policy
 * elements reference"). Uses {@code iam} and the JSON parser; no I/O, no time but its argument.
 */
@NullMarked
package tidefs.iam.policy;

import org.jspecify.annotations.NullMarked;
