using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Web;
using Microsoft.AspNetCore.WebUtilities;
using RemoteMcp.Emulators.Directories;
using RemoteMcp.EndToEnd.Fleet;
using RemoteMcp.Testing.SignIn;
using Xunit;

namespace RemoteMcp.EndToEnd.SignIn;

/// <summary>
/// An OAuth client and the browser of its person, without a library. It knows only the URL of the server. Each step of a sign-in is a
/// method, so that a test can send each one to another instance of a fleet.
/// </summary>
/// <param name="endpoint">The URL of the MCP endpoint.</param>
/// <param name="http">Sends the requests. It trusts the emulator, follows no redirects, and keeps no cookies.</param>
/// <param name="person">The person who signs in.</param>
internal sealed partial class StepwiseClient(Uri endpoint, HttpClient http, User person)
{
    private const string Redirect = "http://127.0.0.1:51234/callback";

    private readonly string _verifier = Base64UrlTextEncoder.Encode(RandomNumberGenerator.GetBytes(32));
    private readonly string _state = Guid.NewGuid().ToString("N");
    private readonly Dictionary<string, string> _cookies = [];
    private string? _scope;
    private string? _clientId;

    public User Person => person;

    public OAuthPaths Paths { get; set; } = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Finds the authorization server as MCP requires: from the 401, over the resource, to the issuer.</summary>
    public async Task DiscoverAsync(int? instance = null)
    {
        using var call = new HttpRequestMessage(HttpMethod.Post, endpoint)
        {
            Content = new StringContent(FleetClient.Initialize, Encoding.UTF8, "application/json"),
        };
        call.Headers.Accept.ParseAdd("application/json, text/event-stream");
        using var refused = await SendAsync(instance, call);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        var challenge = refused.Headers.WwwAuthenticate.Single().Parameter!;
        _scope = Scope().Match(challenge).Groups[1].Value;
        var resource = await GetJsonAsync(instance, new Uri(ResourceMetadata().Match(challenge).Groups[1].Value));
        Assert.Equal(endpoint.ToString(), (string)resource["resource"]!);
        var issuer = new Uri((string)Assert.Single(resource["authorization_servers"]!.AsArray())!);
        var server = await GetJsonAsync(instance, new Uri(issuer, "/.well-known/oauth-authorization-server" + issuer.AbsolutePath));
        Assert.Equal(issuer.ToString(), (string)server["issuer"]!);
        Paths = new OAuthPaths(
            new Uri((string)server["authorization_endpoint"]!),
            new Uri((string)server["token_endpoint"]!),
            new Uri((string)server["registration_endpoint"]!));
    }

    public async Task RegisterAsync(int? instance = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Paths.Register)
        {
            Content = JsonContent.Create(new { client_name = "a stepwise client", redirect_uris = new[] { Redirect } }),
        };
        using var response = await SendAsync(instance, request);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        _clientId = (string)(await response.Content.ReadFromJsonAsync<JsonNode>(Cancellation))!["client_id"]!;
    }

    /// <summary>Opens the authorization endpoint.</summary>
    /// <returns>The URL at Entra ID.</returns>
    public Task<Uri> AuthorizeAsync(int? instance = null) => FollowAsync(instance, new Uri(QueryHelpers.AddQueryString(
        Paths.Authorize.ToString(),
        new Dictionary<string, string?>
        {
            ["response_type"] = "code",
            ["client_id"] = _clientId,
            ["redirect_uri"] = Redirect,
            ["scope"] = _scope,
            ["state"] = _state,
            ["code_challenge"] = Base64UrlTextEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(_verifier))),
            ["code_challenge_method"] = "S256",
            ["resource"] = endpoint.ToString(),
        })));

    /// <summary>Signs the person in at Entra ID.</summary>
    /// <returns>The URL of the server to which Entra redirects.</returns>
    public Task<Uri> SignInAtEntraAsync(Uri entra) =>
        FollowAsync(null, new Uri(QueryHelpers.AddQueryString(entra.ToString(), "login_hint", person.PrincipalName)));

    /// <summary>Opens a URL that redirects the browser.</summary>
    public async Task<Uri> FollowAsync(int? instance, Uri url)
    {
        var page = await BrowseAsync(instance, url);
        return page.Location ?? throw new InvalidOperationException($"No redirect from {url}: {page.Status} {page.Html}");
    }

    /// <summary>Opens a page.</summary>
    public Task<BrowsedPage> BrowseAsync(int? instance, Uri url) => BrowseAsync(instance, url, null);

    /// <summary>Presses the button of the consent page.</summary>
    public async Task<Uri> ApproveAsync(int? instance, BrowsedPage consent)
    {
        Assert.Contains(WebUtility.HtmlEncode(person.PrincipalName), consent.Html, StringComparison.Ordinal);
        var fields = HtmlForm.FieldsOf(consent.Html);
        fields["decision"] = "approve";
        var page = await BrowseAsync(instance, HtmlForm.ActionOf(consent.Html, Paths.Authorize), fields);
        return page.Location ?? throw new InvalidOperationException($"The consent was not accepted: {page.Status} {page.Html}");
    }

    /// <summary>Reads the code from the redirect to the client.</summary>
    public string CodeIn(Uri callback)
    {
        Assert.StartsWith(Redirect, callback.ToString(), StringComparison.Ordinal);
        var answer = HttpUtility.ParseQueryString(callback.Query);
        Assert.Equal(_state, answer["state"]);
        Assert.Equal(new Uri(endpoint, "/oauth").ToString(), answer["iss"]);
        return answer["code"] ?? throw new InvalidOperationException($"No code: {callback}");
    }

    public Task<TokenResponse> RedeemAsync(int? instance, string code) => AskAsync(instance, new()
    {
        ["grant_type"] = "authorization_code",
        ["code"] = code,
        ["redirect_uri"] = Redirect,
        ["code_verifier"] = _verifier,
    });

    public Task<TokenResponse> RefreshAsync(int? instance, TokenResponse tokens) => AskAsync(instance, new()
    {
        ["grant_type"] = "refresh_token",
        ["refresh_token"] = tokens.RefreshToken,
    });

    /// <summary>Makes all steps of a sign-in, through the round robin.</summary>
    /// <returns>The tokens, and whether the person saw the consent page.</returns>
    public async Task<(TokenResponse Tokens, bool SawConsent)> SignInAsync()
    {
        if (Paths is null)
        {
            await DiscoverAsync();
        }

        if (_clientId is null)
        {
            await RegisterAsync();
        }

        var returned = await FollowAsync(null, await SignInAtEntraAsync(await AuthorizeAsync()));
        var page = await BrowseAsync(null, returned);
        var tokens = await RedeemAsync(null, CodeIn(page.Location ?? await ApproveAsync(null, page)));
        Assert.True(tokens.Status == HttpStatusCode.OK, tokens.Body.ToJsonString());
        return (tokens, page.Location is null);
    }

    private async Task<TokenResponse> AskAsync(int? instance, Dictionary<string, string> form)
    {
        form["client_id"] = _clientId!;
        form["resource"] = endpoint.ToString();
        using var request = new HttpRequestMessage(HttpMethod.Post, Paths.Token) { Content = new FormUrlEncodedContent(form) };
        using var response = await SendAsync(instance, request);
        return new TokenResponse(response.StatusCode, (await response.Content.ReadFromJsonAsync<JsonNode>(Cancellation))!);
    }

    private async Task<BrowsedPage> BrowseAsync(int? instance, Uri url, Dictionary<string, string?>? form)
    {
        using var request = new HttpRequestMessage(form is null ? HttpMethod.Get : HttpMethod.Post, url);
        var isServer = url.Authority == endpoint.Authority;
        if (form is not null)
        {
            request.Content = new FormUrlEncodedContent(form);
            request.Headers.Add("Origin", url.GetLeftPart(UriPartial.Authority));
        }

        if (isServer && _cookies.Count > 0)
        {
            request.Headers.Add("Cookie", string.Join("; ", _cookies.Select(static cookie => $"{cookie.Key}={cookie.Value}")));
        }

        using var response = await SendAsync(isServer ? instance : null, request);
        foreach (var cookie in isServer && response.Headers.TryGetValues("Set-Cookie", out var values) ? values : [])
        {
            var pair = cookie.Split(';')[0].Split('=', 2);
            _cookies[pair[0]] = pair[1];
        }

        var location = response.Headers.Location;
        return new BrowsedPage(
            response.StatusCode,
            await response.Content.ReadAsStringAsync(Cancellation),
            location is null ? null : new Uri(url, location));
    }

    private async Task<JsonNode> GetJsonAsync(int? instance, Uri url)
    {
        using var response = await SendAsync(instance, new HttpRequestMessage(HttpMethod.Get, url));
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonNode>(Cancellation))!;
    }

    private Task<HttpResponseMessage> SendAsync(int? instance, HttpRequestMessage request)
    {
        if (instance is { } pinned)
        {
            request.Headers.Add(FleetProxy.PinHeader, $"{pinned}");
        }

        return http.SendAsync(request, Cancellation);
    }

    [GeneratedRegex("resource_metadata=\"([^\"]*)\"")]
    private static partial Regex ResourceMetadata();

    [GeneratedRegex("scope=\"([^\"]*)\"")]
    private static partial Regex Scope();
}

/// <summary>The endpoints that a client uses.</summary>
internal sealed record OAuthPaths(Uri Authorize, Uri Token, Uri Register);

/// <summary>A page in the browser, or a redirect.</summary>
internal sealed record BrowsedPage(HttpStatusCode Status, string Html, Uri? Location);
