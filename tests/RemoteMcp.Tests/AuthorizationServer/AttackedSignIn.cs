using System.Net;
using System.Text;
using System.Web;
using RemoteMcp.Testing.SignIn;
using Xunit;

namespace RemoteMcp.Tests.AuthorizationServer;

/// <summary>Provides one server for all attacks in a table. No attack changes the server.</summary>
public sealed class AttackedSignIn : SignInServer
{
    /// <summary>Registers a client with a browser of its own.</summary>
    internal Task<AuthorizationDriver> RegisterAsync(params string[] redirects) => Client().RegisterAsync("Test client", redirects);

    /// <summary>Opens the consent page of a new client.</summary>
    internal async Task<(AuthorizationDriver Client, BrowserDriver.BrowserPage Page)> OpenConsentAsync()
    {
        var client = await RegisterAsync();
        var page = await client.Browser.GoAsync(client.AuthorizeUrl());
        Assert.True(page.HasButton("approve"), page.Text);
        return (client, page);
    }

    /// <summary>Starts the sign-in of a new client, and returns the URL to which Entra ID redirects the browser.</summary>
    internal async Task<(AuthorizationDriver Client, Uri Callback)> StartAsync()
    {
        var client = await RegisterAsync();
        return (client, await StopAtCallbackAsync(client));
    }

    /// <summary>Starts a sign-in in the browser of a client, and returns the URL to which Entra ID redirects the browser.</summary>
    internal static async Task<Uri> StopAtCallbackAsync(AuthorizationDriver client)
    {
        client.Browser.StopsBefore = static url => url.AbsolutePath == "/oauth/callback";
        var page = await client.Browser.GoAsync(client.AuthorizeUrl());
        client.Browser.StopsBefore = null;
        return page.Redirect ?? throw new InvalidOperationException(page.Text);
    }

    /// <summary>Sends a request with a body to the server, without cookies.</summary>
    internal Task<HttpResponseMessage> PostAsync(string path, string body, string contentType = "application/x-www-form-urlencoded")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return SendAsync(request);
    }

    /// <summary>Returns a URL with changed parameters. The value null removes a parameter.</summary>
    internal static Uri Change(Uri url, params (string Name, string? Value)[] changes)
    {
        var query = HttpUtility.ParseQueryString(url.Query);
        foreach (var (name, value) in changes)
        {
            if (value is null)
            {
                query.Remove(name);
            }
            else
            {
                query[name] = value;
            }
        }

        return new UriBuilder(url) { Query = query.ToString() }.Uri;
    }

    /// <summary>Changes one letter of a sealed text.</summary>
    internal static string Corrupt(string text) => text[..^9] + (text[^9] == 'A' ? 'B' : 'A') + text[^8..];

    /// <summary>Returns the value of a parameter.</summary>
    internal static string ParameterOf(Uri url, string name) => HttpUtility.ParseQueryString(url.Query)[name]!;

    /// <summary>Asserts that the browser shows a refusal, and that nothing was sent to a client.</summary>
    internal static void AssertRefused(BrowserDriver.BrowserPage page)
    {
        Assert.True(page.Redirect is null, page.Redirect?.ToString());
        Assert.InRange((int)page.Status, 400, 499);
        AssertIsProtected(page);
    }

    /// <summary>Asserts that another site can neither frame the page nor find it in a cache, and that the page runs no script.</summary>
    internal static void AssertIsProtected(BrowserDriver.BrowserPage page)
    {
        Assert.Equal("DENY", Assert.Single(page.Headers["X-Frame-Options"]));
        Assert.Equal("no-store", Assert.Single(page.Headers["Cache-Control"]));
        var policy = Assert.Single(page.Headers["Content-Security-Policy"]);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("script-src", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("   at RemoteMcp", page.Html, StringComparison.Ordinal);
    }

    /// <summary>Asserts that the server refuses a request, and discloses no internals.</summary>
    internal static async Task AssertRefusedAsync(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync(Cancelled);
        Assert.True((int)response.StatusCode is >= 400 and < 500, $"{(int)response.StatusCode} {response.Headers.Location} {body}");
        Assert.DoesNotContain("   at ", body, StringComparison.Ordinal);
        Assert.Null(response.Headers.Location);
    }

    /// <summary>Asserts that the token endpoint issues nothing.</summary>
    internal static void AssertRefused(TokenResponse response, params string[] errors)
    {
        Assert.True(response.Status is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized, response.Body.ToJsonString());
        Assert.Contains(response.Error, errors);
        Assert.Null(response.Body["access_token"]);
        Assert.Null(response.Body["refresh_token"]);
    }
}
