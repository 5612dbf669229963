using System.Net;
using System.Text;
using RemoteMcp.Emulators.Directories;
using RemoteMcp.EndToEnd.Fleet;
using Xunit;

namespace RemoteMcp.EndToEnd.SignIn;

/// <summary>
/// A client that is a page in a browser, such as the Inspector's user interface. It sends what a browser sends: first a preflight for each
/// request that is not simple, and always its origin. Without the right headers of CORS, the page cannot read the response.
/// </summary>
internal static class BrowserPage
{
    private const string Inspector = "http://localhost:6274";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Signs a person in through the page, and calls the server with the token.</summary>
    /// <param name="endpoint">The URL of the MCP endpoint.</param>
    /// <param name="http">Sends the requests. It trusts the emulator, follows no redirects, and keeps no cookies.</param>
    /// <param name="person">The person who signs in.</param>
    public static async Task SignInAsync(Uri endpoint, HttpClient http, User person)
    {
        using var page = new HttpClient(new Cors(http));
        var client = new StepwiseClient(endpoint, page, person);

        var (tokens, _) = await client.SignInAsync();
        var renewed = await client.RefreshAsync(null, tokens);
        // The page must read errors too, because they tell it to sign in again.
        var refused = await client.RedeemAsync(null, "no code");
        using var call = new HttpRequestMessage(HttpMethod.Post, endpoint)
        {
            Content = new StringContent(FleetClient.Initialize, Encoding.UTF8, "application/json"),
        };
        call.Headers.Accept.ParseAdd("application/json, text/event-stream");
        call.Headers.Add("Authorization", "Bearer " + renewed.AccessToken);
        call.Headers.Add("MCP-Protocol-Version", "2025-11-25");
        using var answer = await page.SendAsync(call, Cancellation);

        Assert.Equal("invalid_grant", refused.Error);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("Mcp-Session-Id", Header(answer, "Access-Control-Expose-Headers"), StringComparison.OrdinalIgnoreCase);
    }

    private static string Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : "";

    /// <summary>Applies the rules of CORS to the requests of the page. Navigations of the browser are not among them.</summary>
    private sealed class Cors(HttpClient http) : HttpMessageHandler
    {
        // Headers that need no preflight: those that Fetch calls safe, and those that the page does not set.
        private static readonly string[] s_safeHeaders = ["Accept", "Content-Length", "Host", "Origin"];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var isNavigation = request.RequestUri!.Scheme == "https"
                || request.RequestUri.AbsolutePath.EndsWith("/authorize", StringComparison.Ordinal)
                || request.RequestUri.AbsolutePath.EndsWith("/callback", StringComparison.Ordinal);
            if (isNavigation)
            {
                return await ForwardAsync(request, cancellationToken);
            }

            await PreflightAsync(request, cancellationToken);
            request.Headers.Add("Origin", Inspector);
            var response = await ForwardAsync(request, cancellationToken);
            Assert.Equal((request.RequestUri, Inspector), (request.RequestUri, Header(response, "Access-Control-Allow-Origin")));
            if (response.StatusCode == HttpStatusCode.Unauthorized)
            {
                Assert.Contains("WWW-Authenticate", Header(response, "Access-Control-Expose-Headers"), StringComparison.OrdinalIgnoreCase);
            }

            return response;
        }

        private async Task PreflightAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var headers = request.Headers.Select(static header => header.Key.ToLowerInvariant())
                .Except(s_safeHeaders, StringComparer.OrdinalIgnoreCase).ToList();
            if (request.Content?.Headers.ContentType?.MediaType == "application/json")
            {
                headers.Add("content-type");
            }

            if (headers.Count == 0 && (request.Method == HttpMethod.Get || request.Method == HttpMethod.Post))
            {
                return;
            }

            using var preflight = new HttpRequestMessage(HttpMethod.Options, request.RequestUri);
            preflight.Headers.Add("Origin", Inspector);
            preflight.Headers.Add("Access-Control-Request-Method", request.Method.Method);
            preflight.Headers.Add("Access-Control-Request-Headers", string.Join(',', headers.Order()));
            using var response = await http.SendAsync(preflight, cancellationToken);
            Assert.True(response.IsSuccessStatusCode, $"{request.RequestUri}: {response.StatusCode}");
            Assert.Equal(Inspector, Header(response, "Access-Control-Allow-Origin"));
            Assert.Contains(request.Method.Method, Header(response, "Access-Control-Allow-Methods"), StringComparison.Ordinal);
            var allowed = Header(response, "Access-Control-Allow-Headers").Split(',', StringSplitOptions.TrimEntries);
            Assert.Empty(headers.Except(allowed, StringComparer.OrdinalIgnoreCase));
        }

        // HttpClient does not send a request twice, and this handler runs inside another one.
        private async Task<HttpResponseMessage> ForwardAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var copy = new HttpRequestMessage(request.Method, request.RequestUri) { Content = request.Content };
            foreach (var (name, values) in request.Headers)
            {
                copy.Headers.TryAddWithoutValidation(name, values);
            }

            return await http.SendAsync(copy, cancellationToken);
        }
    }
}
