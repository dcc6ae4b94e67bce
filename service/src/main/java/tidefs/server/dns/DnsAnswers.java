package tidefs.server.dns;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DefaultDnsRawRecord;
import io.netty.handler.codec.dns.DnsOpCode;
import io.netty.handler.codec.dns.DnsQuery;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import java.net.InetAddress;
import tidefs.server.dns.FileSystemNames.Answer;

/**
 * Answers to queries (RFC 1035 §4): the A record of a name that exists, nothing for its other
 * types, NXDOMAIN for a name of the zone that does not, REFUSED for whatever lies outside of it.
 */
final class DnsAnswers {
  private final FileSystemNames names;
  private final int ttlSeconds;

  DnsAnswers(FileSystemNames names, int ttlSeconds) {
    this.names = names;
    this.ttlSeconds = ttlSeconds;
  }

  /** Fills in a response to a query that came from {@code client}. */
  <T extends DnsResponse> T fill(T response, DnsQuery query, InetAddress client) {
    response.setRecursionDesired(query.isRecursionDesired());
    if (!query.opCode().equals(DnsOpCode.QUERY)) {
      response.setCode(DnsResponseCode.NOTIMP);
      return response;
    }
    if (query.count(DnsSection.QUESTION) != 1) {
      response.setCode(DnsResponseCode.FORMERR);
      return response;
    }
    DnsQuestion question = query.recordAt(DnsSection.QUESTION);
    response.addRecord(
        DnsSection.QUESTION,
        new DefaultDnsQuestion(question.name(), question.type(), question.dnsClass()));
    if (question.dnsClass() != DnsRecord.CLASS_IN) {
      response.setCode(DnsResponseCode.REFUSED);
      return response;
    }
    switch (names.answer(question.name(), client)) {
      case Answer.Elsewhere _ -> response.setCode(DnsResponseCode.REFUSED);
      case Answer.Nothing _ -> {
        response.setAuthoritativeAnswer(true);
        response.setCode(DnsResponseCode.NXDOMAIN);
      }
      case Answer.Found(var address) -> {
        response.setAuthoritativeAnswer(true);
        if (question.type().equals(DnsRecordType.A) || question.type().equals(DnsRecordType.ANY)) {
          response.addRecord(
              DnsSection.ANSWER,
              new DefaultDnsRawRecord(
                  question.name(),
                  DnsRecordType.A,
                  ttlSeconds,
                  Unpooled.wrappedBuffer(address.getAddress())));
        }
      }
    }
    return response;
  }
}
