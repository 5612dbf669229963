using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Web;
using Microsoft.IdentityModel.Tokens;
using RemoteMcp.Emulators;
using RemoteMcp.Testing.SignIn;
using Xunit;

namespace RemoteMcp.Tests.AuthorizationServer;

/// <summary>An OAuth client of the server. Tests control every parameter, so that they can send requests that no library sends.</summary>
/// <param name="server">The URL of the server.</param>
/// <param name="emulator">The emulator, for the browser.</param>
/// <param name="instance">The instance that responds at the server's URL; the server itself if it is null.</param>
internal sealed class AuthorizationDriver(Uri server, Emulator emulator, Uri? instance = null) : IDisposable
{
    public const string Redirect = "http://127.0.0.1:51234/callback";

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
    {
        BaseAddress = instance ?? server,
        DefaultRequestHeaders = { Host = server.Authority },
    };

    public static string Verifier { get; } = new('v', 43);

    public static string Challenge { get; } = Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));

    public string Resource => new Uri(server, "/mcp").ToString();

    /// <summary>Gets the browser of the person.</summary>
    public BrowserDriver Browser { get; } = new(emulator);

    /// <summary>Gets or sets the client id, after <see cref="RegisterAsync"/>.</summary>
    public string ClientId { get; set; } = "";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Registers the client and keeps its id.</summary>
    public async Task<AuthorizationDriver> RegisterAsync(string name = "Test client", params string[] redirects)
    {
        using var response = await _http.PostAsJsonAsync(
            "/oauth/register", new { client_name = name, redirect_uris = redirects is [] ? [Redirect] : redirects }, Cancelled);
        var body = await response.Content.ReadFromJsonAsync<JsonNode>(Cancelled);
        Assert.True(response.StatusCode == HttpStatusCode.Created, body!.ToJsonString());
        ClientId = (string)body["client_id"]!;
        return this;
    }

    /// <summary>Returns the URL of a valid authorization request. Tests change parameters, or remove them with null.</summary>
    public Uri AuthorizeUrl(params (string Name, string? Value)[] changes)
    {
        var parameters = new Dictionary<string, string?>
        {
            ["response_type"] = "code",
            ["client_id"] = ClientId,
            ["redirect_uri"] = Redirect,
            ["state"] = "s1",
            ["code_challenge"] = Challenge,
            ["code_challenge_method"] = "S256",
            ["resource"] = Resource,
        };
        return new Uri(server, "/oauth/authorize?" + Encode(parameters, changes));
    }

    /// <summary>Signs the person in, allows the client if the page asks, and returns the parameters that the client gets.</summary>
    public async Task<IReadOnlyDictionary<string, string>> AuthorizeAsync(params (string Name, string? Value)[] changes)
    {
        var page = await Browser.GoAsync(AuthorizeUrl(changes));
        page = page.HasButton("approve") ? await Browser.SubmitAsync(page, "approve") : page;
        Assert.True(page.Redirect is not null, page.Text);
        var query = HttpUtility.ParseQueryString(page.Redirect.Query);
        return query.AllKeys.ToDictionary(static key => key!, key => query[key]!);
    }

    /// <summary>Signs the person in and redeems the code.</summary>
    public async Task<TokenResponse> SignInAsync(params (string Name, string? Value)[] changes) =>
        await RedeemAsync((await AuthorizeAsync(changes))["code"]);

    /// <summary>Sends a form to the token endpoint.</summary>
    public Task<TokenResponse> TokenAsync(params (string Name, string? Value)[] form) => TokenAsync("/oauth", [], form);

    public Task<TokenResponse> RedeemAsync(string code, params (string Name, string? Value)[] changes) =>
        RedeemAsync(code, "/oauth", changes);

    /// <summary>Redeems a code at the token endpoint below a path.</summary>
    public Task<TokenResponse> RedeemAsync(string code, string path, params (string Name, string? Value)[] changes) => TokenAsync(
        path,
        new()
        {
            ["grant_type"] = "authorization_code",
            ["client_id"] = ClientId,
            ["code"] = code,
            ["redirect_uri"] = Redirect,
            ["code_verifier"] = Verifier,
            ["resource"] = Resource,
        },
        changes);

    public Task<TokenResponse> RefreshAsync(string refreshToken, params (string Name, string? Value)[] changes) => TokenAsync(
        "/oauth",
        new() { ["grant_type"] = "refresh_token", ["client_id"] = ClientId, ["refresh_token"] = refreshToken, ["resource"] = Resource },
        changes);

    public Task<HttpResponseMessage> GetAsync(string path) => _http.GetAsync(path, Cancelled);

    public void Dispose()
    {
        _http.Dispose();
        Browser.Dispose();
    }

    private async Task<TokenResponse> TokenAsync(
        string path, Dictionary<string, string?> form, (string Name, string? Value)[] changes)
    {
        using var content = new StringContent(Encode(form, changes), Encoding.UTF8, "application/x-www-form-urlencoded");
        using var response = await _http.PostAsync(path + "/token", content, Cancelled);
        var body = await response.Content.ReadAsStringAsync(Cancelled);
        return new TokenResponse(response.StatusCode, JsonNode.Parse(body)!);
    }

    private static string Encode(Dictionary<string, string?> parameters, (string Name, string? Value)[] changes)
    {
        foreach (var (name, value) in changes)
        {
            parameters[name] = value;
        }

        return string.Join(
            '&',
            parameters.Where(static pair => pair.Value is not null)
                .Select(static pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value!)}"));
    }
}
