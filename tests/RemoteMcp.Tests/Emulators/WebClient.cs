using RemoteMcp.Emulators;
using RemoteMcp.Emulators.Directories;
using RemoteMcp.Emulators.Entra;

namespace RemoteMcp.Tests.Emulators;

/// <summary>
/// The requests of a server that signs users in itself: a Web client, which authenticates with the assertion of the managed identity and is
/// also the API of its tokens.
/// </summary>
internal sealed class WebClient(Emulator emulator, SampleDirectory sample, OAuthDriver driver)
{
    public const string Redirect = "http://127.0.0.1:40123" + SampleDirectory.CallbackPath;
    public const string OwnScope = SampleDirectory.ServerId + "/Mcp.Use";
    public const string Scope = "openid profile offline_access " + OwnScope;

    /// <summary>The client's credential: a token of the managed identity for the token exchange.</summary>
    public string Assertion() => emulator.Tokens.AccessToken(
        new AccessTokenRequest(
            sample.Contoso, sample.Daemon, sample.Directory.FindResource(MicrosoftApplications.TokenExchangeAudience, sample.Contoso)!)
        {
            PrincipalId = SampleDirectory.IdentityObjectId,
        });

    public Task<OAuthDriver.AuthorizeAnswer> AuthorizeAsync(params (string Name, string? Value)[] changes) => driver.AuthorizeAsync(
        OAuthDriver.SignIn([("client_id", SampleDirectory.ServerId), ("redirect_uri", Redirect), ("scope", Scope), .. changes]));

    public Task<OAuthDriver.TokenAnswer> RedeemAsync(string code, params (string Name, string? Value)[] changes) =>
        driver.RedeemAsync(code, [("redirect_uri", Redirect), .. Credential(), .. changes]);

    public Task<OAuthDriver.TokenAnswer> RefreshAsync(string token, params (string Name, string? Value)[] changes) =>
        driver.RefreshAsync(token, [.. Credential(), .. changes]);

    public async Task<OAuthDriver.TokenAnswer> SignInAsync(params (string Name, string? Value)[] changes) =>
        await RedeemAsync((await AuthorizeAsync(changes)).Code);

    private (string, string?)[] Credential() =>
    [
        ("client_id", SampleDirectory.ServerId),
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
        ("client_assertion", Assertion()),
    ];
}
