using Microsoft.AspNetCore.Builder;
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
    [InlineData("7071")]
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
    public async Task Serve_accepts_loopback_URLs(string urls)
    {
        await using var app = Build(urls);

        Assert.NotNull(app);
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
