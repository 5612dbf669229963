using System.Net;
using RemoteMcp.Emulators;
using RemoteMcp.Emulators.Directories;
using RemoteMcp.Emulators.Entra;
using Xunit;

namespace RemoteMcp.Tests.Auth.Attacks;

/// <summary>
/// Tests tokens that Entra signed. A token for a different purpose gets 401 <c>invalid_token</c>. A token with insufficient permissions
/// gets 403 <c>insufficient_scope</c>.
/// </summary>
public sealed class InvalidTokenTests(AttackedServer server) : IClassFixture<AttackedServer>
{
    private static readonly Dictionary<string, Func<AttackedServer, string>> s_invalid = new()
    {
        ["the issuer of another service"] = server => server.Token(("iss", "https://login.example/" + SampleDirectory.ContosoId + "/v2.0")),
        ["the issuer with another path"] = server =>
            server.Token(("iss", server.Emulator.Addresses.IssuerV2(SampleDirectory.ContosoId) + "/")),
        ["the issuer of another tenant"] = server => server.Token(("iss", server.Emulator.Addresses.IssuerV2(SampleDirectory.FabrikamId))),
        ["the issuer with a placeholder for the tenant"] = server =>
            server.Token(("iss", server.Emulator.Addresses.IssuerV2("{tenantid}"))),
        ["no issuer"] = server => server.Token(("iss", null)),
        ["another tenant's id with the right issuer"] = server => server.Token(("tid", SampleDirectory.FabrikamId)),
        ["no tenant id"] = server => server.Token(("tid", null)),
        ["a different tenant"] = server => server.Emulator.Tokens.AccessToken(
            new AccessTokenRequest(server.Sample.Fabrikam, server.Sample.DesktopClient, server.Sample.Server)
            {
                User = server.Sample.Fabrikam.Users[0],
                Scopes = ["Mcp.Use"],
            }),
        ["the audience of another app"] = server => server.Token(("aud", SampleDirectory.DesktopClientId)),
        ["the audience of Microsoft Graph"] = server => server.Token(("aud", MicrosoftApplications.GraphId)),
        ["an identifier URI that is not configured as the audience"] = server => server.Token(("aud", SampleDirectory.ServerUri)),
        ["the server's URL as the audience, which is not configured"] = server => server.Token(("aud", server.Server.Url + "mcp")),
        ["no audience"] = server => server.Token(("aud", null)),
        ["an empty audience"] = server => server.Token(("aud", "")),
        ["expired"] = server => server.Token(("exp", DateTimeOffset.UtcNow.AddMinutes(-6).ToUnixTimeSeconds())),
        ["no expiry"] = server => server.Token(("exp", null)),
        ["an expiry that is not a number"] = server => server.Token(("exp", "never")),
        ["not yet valid"] = server => server.Token(("nbf", DateTimeOffset.UtcNow.AddMinutes(10).ToUnixTimeSeconds())),
        ["version 1.0 only in the claim"] = server => server.Token(("ver", "1.0")),
        ["version 1.0 instead of 2.0"] = server => server.Token(
            ("ver", "1.0"),
            ("iss", EmulatorAddresses.IssuerV1(SampleDirectory.ContosoId)),
            ("appid", SampleDirectory.DesktopClientId),
            ("azp", null)),
        ["no version"] = server => server.Token(("ver", null)),
        ["an ID token instead of an access token"] = server =>
            server.Emulator.Tokens.IdToken(server.Sample.Contoso, server.Sample.Server, server.Sample.Adele),
        ["an ID token with roles, which looks like an app's token"] = server =>
            server.Token(("azp", null), ("azpacr", null), ("scp", null), ("roles", new[] { "Mcp.Invoke" })),
        ["a user's token without scopes but with the role of apps"] = server =>
            server.Token(("scp", null), ("roles", new[] { "Mcp.Invoke" })),
        ["no client app"] = server => server.Token(("azp", null)),
        ["no oid"] = server => server.Token(("oid", null)),
        ["no sub"] = server => server.Token(("sub", null)),
    };

    private static readonly Dictionary<string, Func<AttackedServer, string>> s_insufficient = new()
    {
        ["no scope of the server"] = server => server.Token(("scp", "Files.Read")),
        ["an empty list of scopes"] = server => server.Token(("scp", "")),
        ["the scope as a part of a longer one"] = server => server.Token(("scp", "Mcp.Use.All")),
        ["the scope as the end of a longer one"] = server => server.Token(("scp", "Not.Mcp.Use")),
        ["the beginning of the scope"] = server => server.Token(("scp", "Mcp")),
        ["the scope in different letter case"] = server => server.Token(("scp", "mcp.use")),
        ["the scope with its URI"] = server => server.Token(("scp", SampleDirectory.ServerUri + "/Mcp.Use")),
        ["the scope after a comma"] = server => server.Token(("scp", "Files.Read,Mcp.Use")),
        ["the scope after a tab"] = server => server.Token(("scp", "Files.Read\tMcp.Use")),
        ["a user's token with the role instead of the scope"] = server =>
            server.Token(("scp", "Files.Read"), ("roles", new[] { "Mcp.Invoke", "Mcp.Use" })),
        ["an app's token without a role"] = server => server.AppToken(),
        ["an app's token with a different role"] = server => server.AppToken("Mcp.Admin"),
        ["an app's token with a role that has the name of the scope"] = server => server.AppToken("Mcp.Use"),
        ["an app's token with the role as a part of a longer one"] = server => server.AppToken("Mcp.Invoke.Not"),
    };

    public static TheoryData<string> Invalid => [.. s_invalid.Keys];

    public static TheoryData<string> Insufficient => [.. s_insufficient.Keys];

    [Theory]
    [MemberData(nameof(Invalid))]
    public Task Token_for_a_different_purpose_gets_401(string attack) =>
        server.AssertRefusesAsync(s_invalid[attack](server), HttpStatusCode.Unauthorized, "invalid_token");

    [Theory]
    [MemberData(nameof(Insufficient))]
    public Task Token_with_insufficient_permissions_gets_403_with_challenge(string attack) =>
        server.AssertRefusesAsync(s_insufficient[attack](server), HttpStatusCode.Forbidden, "insufficient_scope");
}
