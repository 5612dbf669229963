using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using RemoteMcp.AuthorizationServer.Clients;
using Xunit;

namespace RemoteMcp.Tests.AuthorizationServer.Clients;

/// <summary>Tests that a host which a client chose cannot lead the server to an address in its own network.</summary>
public sealed class PublicHttpHandlerTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Connection_goes_to_the_checked_address_when_DNS_changes_its_answer()
    {
        await using var host = new DocumentHost(Ok);
        var answers = new Queue<IPAddress>([DocumentHost.PublicIPv4, IPAddress.Loopback]);
        host.Resolve = _ => [answers.Dequeue()];
        using var http = new HttpMessageInvoker(host.CreateHandler());

        using var response = await GetAsync(http);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["client.example.com"], host.Resolved);
        Assert.Equal([new IPEndPoint(DocumentHost.PublicIPv4, 80)], host.Connected);
        await AssertRefusedAsync(http);
        Assert.Single(host.Connected);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("104.18.32.47", "10.0.0.1")]
    [InlineData("10.0.0.1", "104.18.32.47")]
    [InlineData("104.18.32.47", "2606:4700::1", "::1")]
    [InlineData("104.18.32.47", "::ffff:104.18.32.47")]
    [InlineData("64:ff9b::a9fe:a9fe")]
    [InlineData("169.254.169.254")]
    [InlineData("168.63.129.16")]
    [InlineData]
    public async Task Host_with_any_address_that_is_not_public_is_refused(params string[] addresses)
    {
        await using var host = new DocumentHost(Ok);
        host.Resolve = _ => [.. addresses.Select(IPAddress.Parse)];
        using var http = new HttpMessageInvoker(host.CreateHandler());

        await AssertRefusedAsync(http);
        Assert.Empty(host.Connected);
    }

    [Fact]
    public async Task Unknown_host_gets_the_same_message_as_an_internal_host()
    {
        await using var host = new DocumentHost(Ok);
        host.Resolve = static _ => throw new SocketException((int)SocketError.HostNotFound);
        using var unknown = new HttpMessageInvoker(host.CreateHandler());
        var message = await AssertRefusedAsync(unknown);

        host.Resolve = static _ => [IPAddress.Loopback];
        using var local = new HttpMessageInvoker(host.CreateHandler());

        Assert.Equal(message, await AssertRefusedAsync(local));
        Assert.DoesNotContain("127.0.0.1", message);
    }

    [Fact]
    public async Task IPv4_is_tried_first_and_the_next_address_after_a_failure()
    {
        var tried = new List<IPAddress>();
        using var http = new HttpMessageInvoker(PublicHttpHandler.Create(
            static (_, _) => Task.FromResult<IPAddress[]>(
                [IPAddress.Parse("2606:4700::1"), DocumentHost.PublicIPv4, IPAddress.Parse("8.8.8.8")]),
            (address, _) =>
            {
                tried.Add(address.Address);
                throw new SocketException((int)SocketError.ConnectionRefused);
            }));

        await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync(http));

        Assert.Equal(["104.18.32.47", "8.8.8.8", "2606:4700::1"], tried.Select(static address => address.ToString()));
    }

    [Fact]
    public async Task Only_a_few_addresses_of_a_host_are_tried()
    {
        var tried = 0;
        using var http = new HttpMessageInvoker(PublicHttpHandler.Create(
            static (_, _) => Task.FromResult<IPAddress[]>(
                [.. Enumerable.Range(1, 200).Select(static number => IPAddress.Parse($"8.8.8.{number}"))]),
            (_, _) =>
            {
                tried++;
                throw new SocketException((int)SocketError.ConnectionRefused);
            }));

        await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync(http));

        Assert.Equal(4, tried);
    }

    [Theory]
    [InlineData("http://127.0.0.1/")]
    [InlineData("http://[::1]/")]
    [InlineData("http://169.254.169.254/")]
    public async Task Address_in_the_URL_is_checked_too(string url)
    {
        using var http = new HttpMessageInvoker(PublicHttpHandler.Create());

        await AssertRefusedAsync(http, url);
    }

    [Fact]
    public async Task Redirect_is_not_followed_and_cookies_are_not_kept()
    {
        await using var host = new DocumentHost(
            "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        using var activity = new Activity("sign-in").Start();
        using var http = new HttpMessageInvoker(host.CreateHandler());

        using var first = await GetAsync(http);
        using var second = await GetAsync(http);

        Assert.Equal(HttpStatusCode.Found, second.StatusCode);
        Assert.Equal(["client.example.com", "client.example.com"], host.Resolved);
        Assert.DoesNotContain("Cookie", host.Requests[1], StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("traceparent", host.Requests[1], StringComparison.OrdinalIgnoreCase);
    }

    private static async Task<HttpResponseMessage> GetAsync(HttpMessageInvoker http, string url = "http://client.example.com/c")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        return await http.SendAsync(request, Cancel);
    }

    private static async Task<string> AssertRefusedAsync(HttpMessageInvoker http, string url = "http://client.example.com/c")
    {
        var failure = await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync(http, url));
        return Assert.IsType<ClientRefusedException>(failure.InnerException).Message;
    }
}
