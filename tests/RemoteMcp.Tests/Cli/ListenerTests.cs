using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using RemoteMcp.Cli.Hosting;
using RemoteMcp.Configuration;
using RemoteMcp.Tests.Http;
using Xunit;

namespace RemoteMcp.Tests.Cli;

/// <summary>Tests the URLs that <c>remote-mcp serve</c> listens on, and the errors if it cannot.</summary>
public sealed class ListenerTests
{
    [Theory]
    [InlineData("http://0.0.0.0:7071")]
    [InlineData("http://*:7071")]
    [InlineData("http://+:7071")]
    [InlineData("http://[::]:7071")]
    [InlineData("http://192.168.1.2:7071")]
    [InlineData("http://tools.contoso.com")]
    [InlineData("http://localhost.evil.com:7071")]
    [InlineData("http://127.0.0.1:7071;http://0.0.0.0:7072")]
    [InlineData("http://loopback:7071")]
    public void Serve_without_authentication_refuses_URLs_that_other_machines_can_reach(string urls)
    {
        var exception = Assert.ThrowsAny<Exception>(() => Build(urls));

        var report = Report(exception);
        Assert.StartsWith("error: --urls is '", report);
        Assert.Contains("http://127.0.0.1:PORT", report);
        Assert.DoesNotContain("   at ", report);
    }

    [Theory]
    [InlineData("http://127.0.0.1:0")]
    [InlineData("http://[::1]:0")]
    [InlineData("http://localhost:7071; http://127.0.0.1:7072")]
    [InlineData("HTTP://127.0.0.1:0/")]
    public async Task Serve_accepts_loopback_URLs(string urls)
    {
        await using var app = Build(urls);

        Assert.NotNull(app);
    }

    [Theory]
    [InlineData("", "--urls is empty. Use a URL such as http://127.0.0.1:7071")]
    [InlineData(" ; ", "--urls is empty")]
    [InlineData("7071", "'7071', which is not a URL. Use a scheme, a host, and a port")]
    [InlineData("localhost:22043", "'localhost:22043', which has no scheme. Use http://localhost:22043.")]
    [InlineData("127.0.0.1:22043", "has no scheme. Use http://127.0.0.1:22043.")]
    [InlineData(":99999", "which is not a URL")]
    [InlineData("localhost:99999", "which is not a URL. Use a scheme, a host, and a port from 0 to 65535")]
    [InlineData("http://localhost:99999", "which is not a valid URL. Use a scheme, a host, and a port from 0 to 65535")]
    [InlineData("http://localhost:abc", "which is not a valid URL")]
    [InlineData("http://:7071", "which is not a valid URL")]
    [InlineData("http://", "which is not a valid URL")]
    [InlineData("http://127.0.0.1:7071/mcp", "has a path. Use http://127.0.0.1:7071. The path of the endpoint is always /mcp.")]
    [InlineData("http://unix:/tmp/mcp.sock", "which is a socket or a pipe")]
    [InlineData("http://me:pw@127.0.0.1:7071", "which has more than a scheme, a host, and a port")]
    [InlineData("http://127.0.0.1:7071?x", "which has more than")]
    [InlineData("http://127.0.0.1:7071#x", "which has more than")]
    [InlineData("ftp://127.0.0.1:7071", "whose scheme is not http or https. Use a URL such as http://127.0.0.1:7071.")]
    [InlineData("http://localhost:0", "Use an address: http://127.0.0.1:0.")]
    [InlineData("http://127.0.0.1:7071,http://127.0.0.1:7072", "Separate several URLs with semicolons")]
    [InlineData("http://127.0.0.1:7071 http://127.0.0.1:7072", "Separate several URLs with semicolons")]
    [InlineData("http://127.0.0.1:7071;ftp://127.0.0.1:7072", "--urls is 'ftp://127.0.0.1:7072'")]
    [InlineData("http://127.0.0.1:7071;http://127.0.0.1:7071/", "twice")]
    [InlineData("http://\u001b[2Jx:7071", "\\u001B")]
    public void Invalid_URL_gets_one_line_with_a_valid_value(string urls, string problem)
    {
        var report = Report(Assert.ThrowsAny<Exception>(() => Build(urls)));

        Assert.StartsWith("error: --urls ", report);
        Assert.Contains(problem, report);
        Assert.Single(report.Trim().Split('\n'));
        Assert.DoesNotContain(report.TrimEnd(), char.IsControl);
    }

    [Fact]
    public void Invalid_URL_in_the_environment_is_reported_with_its_name()
    {
        var exception = Assert.ThrowsAny<Exception>(() => ServeHost.Build(
            static configuration => configuration.AddInMemoryCollection([new("urls", "localhost:7071")]), null, static (_, _) => { }));

        Assert.StartsWith("error: The setting urls (ASPNETCORE_URLS) is 'localhost:7071', which has no scheme.", Report(exception));
    }

    [Theory]
    [InlineData("http://127.0.0.1:99999", "which is not a valid URL")]
    [InlineData("http://0.0.0.0:7071", "which other machines can reach")]
    public void Endpoint_of_Kestrel_is_checked_before_the_start(string url, string problem)
    {
        var exception = Assert.ThrowsAny<Exception>(() => ServeHost.Build(
            configuration => configuration.AddInMemoryCollection([new("Kestrel:Endpoints:A:Url", url)]), null, static (_, _) => { }));

        Assert.StartsWith($"error: The setting Kestrel:Endpoints is '{url}', {problem}", Report(exception));
    }

    [Fact]
    public async Task Certificate_that_cannot_be_read_gets_one_line()
    {
        await using var app = ServeHost.Build(
            static configuration => configuration.AddInMemoryCollection(
                [new("Kestrel:Certificates:Default:Path", "/nowhere/a.pfx"), new("Kestrel:Certificates:Default:Password", "x")]),
            "https://127.0.0.1:0",
            static (_, _) => { });

        var report = Report(await Assert.ThrowsAnyAsync<Exception>(() => app.StartAsync(TestContext.Current.CancellationToken)));

        Assert.StartsWith("error: --urls is 'https://127.0.0.1:0', and the server has no usable certificate for https.", report);
        Assert.Single(report.Trim().Split('\n'));
    }

    [Theory]
    [InlineData(SocketError.AccessDenied, "http://127.0.0.1:80", "this user may not listen on a port below 1024")]
    [InlineData(SocketError.AccessDenied, "http://127.0.0.1", "this user may not listen on a port below 1024")]
    [InlineData(SocketError.AccessDenied, "http://127.0.0.1:7071", "the system does not allow the server to listen there")]
    [InlineData(SocketError.AddressNotAvailable, "http://192.0.2.1:7071", "which is not an address of this machine")]
    [InlineData(SocketError.NoBufferSpaceAvailable, "http://127.0.0.1:7071", "the server cannot listen there")]
    public void Refusal_of_the_system_names_the_URL_and_the_next_step(SocketError error, string url, string problem)
    {
        var direct = ListenErrors.Describe(new SocketException((int)error), "--urls", [url]);
        var wrapped = ListenErrors.Describe(
            new IOException("Failed to bind.", new AggregateException(new SocketException((int)error))), "--urls", [url]);

        Assert.All([direct, wrapped], text =>
        {
            Assert.StartsWith($"--urls is '{url}', ", text);
            Assert.Contains(problem, text);
            Assert.Contains("--urls http://127.0.0.1:", text);
            Assert.DoesNotContain('\n', text);
        });
    }

    [Fact]
    public async Task Port_in_use_gets_an_error_of_one_line_with_the_next_step()
    {
        await using var other = await TestServerHost.StartAsync();
        await using var app = Build(other.Url.ToString());

        var exception = await Assert.ThrowsAnyAsync<Exception>(() => app.StartAsync(TestContext.Current.CancellationToken));

        var report = Report(exception);
        Assert.Contains(other.Url.Authority, report);
        Assert.Contains("Choose another port with --urls", report);
        Assert.Single(report.Trim().Split('\n'));
    }

    [Fact]
    public void Unexpected_exception_is_not_reported_as_a_startup_error()
    {
        using var error = new StringWriter();

        Assert.False(StartupErrors.TryReport(new InvalidOperationException("a bug"), error));
        Assert.Equal("", error.ToString());
    }

    private static WebApplication Build(string urls) => ServeHost.Build(static _ => { }, urls, static (_, _) => { });

    private static string Report(Exception exception)
    {
        using var error = new StringWriter();
        Assert.True(StartupErrors.TryReport(exception, error), exception.ToString());
        return error.ToString();
    }
}
