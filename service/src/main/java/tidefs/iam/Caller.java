package tidefs.iam;

/**
 * Who makes a request.
 *
 * @param arn of the principal
 */
public record Caller(String accountId, String arn, String accessKeyId) {}
