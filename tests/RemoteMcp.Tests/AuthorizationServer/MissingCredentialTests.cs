using System.Net;
using RemoteMcp.Tests.Auth;
using Xunit;

namespace RemoteMcp.Tests.AuthorizationServer;

/// <summary>Tests a server without a managed identity and without a certificate.</summary>
public sealed class MissingCredentialTests : EmulatedSignIn
{
    [Theory]
    [InlineData("/oauth/authorize")]
    [InlineData("/oauth/connections")]
    public async Task Sign_in_page_says_that_the_server_has_no_credential(string path)
    {
        using var client = await new AuthorizationDriver(Server.Url, Emulator).RegisterAsync();

        var page = await client.Browser.GoAsync(
            path == "/oauth/authorize" ? client.AuthorizeUrl() : new Uri(Server.Url, path));

        Assert.Equal(HttpStatusCode.Forbidden, page.Status);
        Assert.Contains("This server has no credential for Entra ID.", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Readiness_fails_without_a_credential()
    {
        using var response = await Server.Client.GetAsync("/readyz", Cancelled);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        var report = await response.Content.ReadAsStringAsync(Cancelled);
        Assert.Contains("\"authorization-server\":\"Unhealthy\"", report, StringComparison.Ordinal);
    }
}
