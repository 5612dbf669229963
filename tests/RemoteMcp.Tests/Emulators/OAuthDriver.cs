using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Web;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using RemoteMcp.Emulators;
using RemoteMcp.Emulators.Directories;
using Xunit;

namespace RemoteMcp.Tests.Emulators;

/// <summary>
/// A browser and an OAuth client in one. Tests control every parameter, so that they can send requests that no library sends.
/// </summary>
internal sealed partial class OAuthDriver(Emulator emulator, string tenant = SampleDirectory.ContosoId) : IDisposable
{
    public const string Redirect = "http://localhost:51234/callback";
    public const string ServerScope = SampleDirectory.ServerUri + "/Mcp.Use";

    private readonly HttpClient _http = emulator.CreateClient(followRedirects: false);

    public static string Verifier { get; } = new('v', 43);

    public static string Challenge { get; } = Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Creates a valid request of the desktop client. Tests change parameters, or remove them with null.</summary>
    public static Dictionary<string, string?> SignIn(params (string Name, string? Value)[] changes) => With(
        new()
        {
            ["client_id"] = SampleDirectory.DesktopClientId,
            ["response_type"] = "code",
            ["redirect_uri"] = Redirect,
            ["scope"] = $"openid offline_access {ServerScope}",
            ["state"] = "s1",
            ["code_challenge"] = Challenge,
            ["code_challenge_method"] = "S256",
        },
        changes);

    public static Dictionary<string, string?> With(Dictionary<string, string?> parameters, params (string Name, string? Value)[] changes)
    {
        foreach (var (name, value) in changes)
        {
            parameters[name] = value;
        }
        return parameters;
    }

    public async Task<AuthorizeAnswer> AuthorizeAsync(Dictionary<string, string?> parameters, Dictionary<string, string?>? pressed = null)
    {
        var path = $"{tenant}/oauth2/v2.0/authorize?{Encode(parameters)}";
        using var response = pressed is null
            ? await _http.GetAsync(path, Cancelled)
            : await _http.PostAsync(path, new FormUrlEncodedContent(pressed!), Cancelled);
        var html = await response.Content.ReadAsStringAsync(Cancelled);
        if (response.StatusCode != HttpStatusCode.Redirect)
        {
            return new AuthorizeAnswer(response.StatusCode, WebUtility.HtmlDecode(html), Location: null, []);
        }
        var location = response.Headers.Location!;
        var answer = HttpUtility.ParseQueryString(location.Fragment.Length > 0 ? location.Fragment[1..] : location.Query);
        return new AuthorizeAnswer(response.StatusCode, html, location, answer.AllKeys.ToDictionary(key => key!, key => answer[key]!));
    }

    public async Task<TokenAnswer> TokenAsync(params (string Name, string? Value)[] form)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{tenant}/oauth2/v2.0/token")
        {
            Content = new FormUrlEncodedContent(form
                .Where(pair => pair.Value is not null && pair.Name != "Origin")
                .Select(pair => KeyValuePair.Create(pair.Name, pair.Value!))),
        };
        if (form.FirstOrDefault(pair => pair.Name == "Origin").Value is { } origin)
        {
            request.Headers.Add("Origin", origin);
        }
        using var response = await _http.SendAsync(request, Cancelled);
        return new TokenAnswer(response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancelled)).RootElement);
    }

    /// <summary>Signs the default user in and redeems the code.</summary>
    public async Task<TokenAnswer> SignInAndRedeemAsync(params (string Name, string? Value)[] changes)
    {
        var request = SignIn(changes);
        var answer = await AuthorizeAsync(request);
        return await RedeemAsync(answer.Code, ("client_id", request["client_id"]), ("redirect_uri", request["redirect_uri"]));
    }

    public Task<TokenAnswer> RedeemAsync(string code, params (string Name, string? Value)[] changes)
    {
        var form = With(
            new()
            {
                ["grant_type"] = "authorization_code",
                ["client_id"] = SampleDirectory.DesktopClientId,
                ["code"] = code,
                ["redirect_uri"] = Redirect,
                ["code_verifier"] = Verifier,
            },
            changes);
        return TokenAsync([.. form.Select(pair => (pair.Key, pair.Value))]);
    }

    public Task<TokenAnswer> RefreshAsync(string token, params (string Name, string? Value)[] changes)
    {
        var form = With(
            new() { ["grant_type"] = "refresh_token", ["client_id"] = SampleDirectory.DesktopClientId, ["refresh_token"] = token },
            changes);
        return TokenAsync([.. form.Select(pair => (pair.Key, pair.Value))]);
    }

    public void Dispose() => _http.Dispose();

    private static string Encode(Dictionary<string, string?> parameters) => string.Join('&', parameters
        .Where(pair => pair.Value is not null)
        .Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value!)}"));

    internal sealed record AuthorizeAnswer(HttpStatusCode Status, string Html, Uri? Location, Dictionary<string, string> Parameters)
    {
        public string Code => Parameters.TryGetValue("code", out var code) ? code
            : throw new InvalidOperationException($"The response has no code: {Html} {Location}");

        /// <summary>The error number on the page or in the redirect.</summary>
        public int Refusal => int.Parse(
            AadCode().Match(Parameters.GetValueOrDefault("error_description", Html)).Groups[1].Value,
            System.Globalization.CultureInfo.InvariantCulture);
    }

    internal sealed record TokenAnswer(HttpStatusCode Status, JsonElement Body)
    {
        public string AccessToken => String("access_token");

        public string RefreshToken => String("refresh_token");

        public JsonWebToken Claims => new(AccessToken);

        public int Refusal => Body.GetProperty("error_codes")[0].GetInt32();

        public string String(string name) =>
            Body.TryGetProperty(name, out var value) ? value.GetString()!
            : throw new InvalidOperationException($"The response has no {name}: {Body}");
    }

    [GeneratedRegex(@"AADSTS(\d+):")]
    private static partial Regex AadCode();
}
