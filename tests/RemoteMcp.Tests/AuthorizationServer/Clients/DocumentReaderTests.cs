using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
using RemoteMcp.AuthorizationServer.Clients;
using Xunit;

namespace RemoteMcp.Tests.AuthorizationServer.Clients;

/// <summary>Tests the limits of a download against hosts that misbehave.</summary>
public sealed class DocumentReaderTests
{
    private static readonly Uri s_url = new("http://client.example.com/c");

    private static readonly string s_document =
        $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{TestClients.Document()}";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(5120, true, true)]
    [InlineData(5120, false, true)]
    [InlineData(5121, true, false)]
    [InlineData(5121, false, false)]
    [InlineData(2_000_000, true, false)]
    [InlineData(2_000_000, false, false)]
    public async Task Document_may_have_5_KB_whatever_its_headers_say(int bytes, bool hasLength, bool accepted)
    {
        var length = hasLength ? $"Content-Length: {bytes}\r\n" : "";
        await using var host = new DocumentHost(
            $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{length}Connection: close\r\n\r\n{new string('x', bytes)}");

        if (accepted)
        {
            Assert.Equal(bytes, (await ReadAsync(host)).Length);
        }
        else
        {
            Assert.Contains("5120 bytes at most", await RefusalAsync(host));
        }
    }

    [Fact]
    public async Task Document_without_an_end_is_refused_after_5_KB()
    {
        await using var host = new DocumentHost(static async (stream, stop) =>
        {
            await stream.WriteAsync(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"u8.ToArray(), stop);
            while (true)
            {
                await stream.WriteAsync("400\r\n"u8.ToArray(), stop);
                await stream.WriteAsync(new byte[1024], stop);
                await stream.WriteAsync("\r\n"u8.ToArray(), stop);
            }
        });

        Assert.Contains("5120 bytes at most", await RefusalAsync(host));
    }

    [Theory]
    [InlineData("HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1/\r\n", "status 200")]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: https://claude.ai/\r\n", "status 200")]
    [InlineData("HTTP/1.1 308 Permanent Redirect\r\nLocation: /other\r\n", "status 200")]
    [InlineData("HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\n", "status 200")]
    [InlineData("HTTP/1.1 203 Non-Authoritative\r\nContent-Type: application/json\r\n", "status 200")]
    [InlineData("HTTP/1.1 206 Partial Content\r\nContent-Type: application/json\r\n", "status 200")]
    [InlineData("HTTP/1.1 500 Error\r\n", "status 200")]
    [InlineData("HTTP/1.1 200 OK\r\n", "Content-Type")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n", "Content-Type")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n", "Content-Type")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/jsonp\r\n", "Content-Type")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: text/html+json\r\n", "Content-Type")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: ;;;\r\n", "Content-Type")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n", "compression")]
    public async Task Other_response_is_refused_with_the_reason(string head, string reason)
    {
        await using var host = new DocumentHost($"{head}Content-Length: 2\r\nConnection: close\r\n\r\n{{}}");

        Assert.Contains(reason, await RefusalAsync(host));
        Assert.Single(host.Connected);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("APPLICATION/JSON")]
    [InlineData("application/cimd+json")]
    public async Task JSON_of_any_kind_is_accepted(string contentType)
    {
        await using var host = new DocumentHost(
            $"HTTP/1.1 200 OK\r\nContent-Type: {contentType}\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}");

        Assert.Equal("{}"u8.ToArray(), (await ReadAsync(host)).ToArray());
        Assert.DoesNotContain("Accept-Encoding", host.Requests[0], StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 2")]
    [InlineData("SSH-2.0-OpenSSH\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{}")]
    public async Task Broken_response_is_a_failed_connection(string response)
    {
        await using var host = new DocumentHost(response);
        using var reader = new DocumentReader(host.CreateHandler(), TimeProvider.System);

        var failure = await Assert.ThrowsAnyAsync<Exception>(() => reader.ReadAsync(s_url));

        Assert.True(failure is HttpRequestException or IOException, failure.ToString());
    }

    [Fact]
    public async Task Slow_DNS_is_given_up_after_10_seconds()
    {
        var time = new FakeTimeProvider();
        var asked = new TaskCompletionSource();
        using var reader = new DocumentReader(
            PublicHttpHandler.Create((_, _) =>
            {
                asked.SetResult();
                return new TaskCompletionSource<IPAddress[]>().Task;
            }),
            time);

        await AssertGivesUpAsync(reader, time, asked.Task);
    }

    [Fact]
    public async Task Slow_headers_are_given_up_after_10_seconds()
    {
        var time = new FakeTimeProvider();
        var asked = new TaskCompletionSource();
        await using var host = new DocumentHost((_, stop) =>
        {
            asked.SetResult();
            return Task.Delay(Timeout.Infinite, stop);
        });
        using var reader = new DocumentReader(host.CreateHandler(), time);

        await AssertGivesUpAsync(reader, time, asked.Task);
    }

    [Fact]
    public async Task Slow_body_is_given_up_after_10_seconds()
    {
        var time = new FakeTimeProvider();
        var body = new SilentStream();
        using var handler = new StubHandler(_ =>
        {
            var response = new HttpResponseMessage { Content = new StreamContent(body) };
            response.Content.Headers.ContentType = new("application/json");
            return response;
        });
        using var reader = new DocumentReader(handler, time);

        await AssertGivesUpAsync(reader, time, body.Asked);
    }

    [Theory]
    [InlineData("client.example.com", true)]
    [InlineData("*.example.com", true)]
    [InlineData("example.com", false)]
    [InlineData("localhost", false)]
    public async Task Host_needs_a_certificate_for_its_name(string name, bool accepted)
    {
        using var certificate = Certificate(name);
        await using var host = new DocumentHost(s_document, certificate);
        using var handler = host.CreateHandler();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { certificate },
            RevocationMode = X509RevocationMode.NoCheck,
        };
        using var documents = TestClients.Documents(handler);

        if (accepted)
        {
            Assert.Equal("client.example.com", (await documents.GetAsync(TestClients.Url, Cancel)).VerifiedHost);
        }
        else
        {
            var refusal = await Assert.ThrowsAsync<ClientRefusedException>(async () => await documents.GetAsync(TestClients.Url, Cancel));
            Assert.Contains("connection failed", refusal.Message);
        }

        Assert.Equal([new IPEndPoint(DocumentHost.PublicIPv4, 443)], host.Connected);
    }

    private static X509Certificate2 Certificate(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private static async Task AssertGivesUpAsync(DocumentReader reader, FakeTimeProvider time, Task asked)
    {
        var reading = reader.ReadAsync(s_url);
        await asked.WaitAsync(TimeSpan.FromMinutes(1), Cancel);
        time.Advance(TimeSpan.FromSeconds(9));
        Assert.False(reading.IsCompleted);

        time.Advance(TimeSpan.FromSeconds(1));

        Assert.Contains("within 10 seconds", (await Assert.ThrowsAsync<ClientRefusedException>(() => reading)).Message);
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(DocumentHost host)
    {
        using var reader = new DocumentReader(host.CreateHandler(), TimeProvider.System);
        return (await reader.ReadAsync(s_url)).Json;
    }

    private static async Task<string> RefusalAsync(DocumentHost host) =>
        (await Assert.ThrowsAsync<ClientRefusedException>(() => ReadAsync(host))).Message;
}
