using System.Net;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using RemoteMcp.Emulators.Directories;
using RemoteMcp.Emulators.Entra;
using Xunit;

namespace RemoteMcp.Tests.Emulators;

/// <summary>
/// Tests that the token of a managed identity replaces a client secret, and that only the identity in the registration is accepted.
/// </summary>
public sealed class FederatedCredentialTests : EmulatedTenant
{
    [Fact]
    public async Task A_trusted_identity_authenticates_the_client()
    {
        var answer = await RequestAsync(IdentityToken());

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("2", answer.Claims.GetClaim("appidacr").Value);
    }

    [Fact]
    public async Task The_audience_can_be_the_configured_URI()
    {
        Assert.Equal(HttpStatusCode.OK, (await RequestAsync(IdentityToken(("aud", MicrosoftApplications.TokenExchangeAudience)))).Status);
    }

    [Theory]
    [InlineData("iss", "https://token.actions.githubusercontent.com", 700211)]
    [InlineData("sub", "30000000-0000-4000-8000-00000000dead", 700213)]
    [InlineData("aud", "https://storage.azure.com", 700212)]
    [InlineData("exp", 1, 700024)]
    [InlineData("nbf", 9999999999, 700024)]
    public async Task An_assertion_with_a_wrong_claim_is_refused(string claim, object value, int code)
    {
        var answer = await RequestAsync(IdentityToken((claim, value is int small ? (long)small : value)));

        Assert.Equal((code, "invalid_client", HttpStatusCode.Unauthorized), (answer.Refusal, answer.String("error"), answer.Status));
    }

    [Fact]
    public async Task The_subject_is_compared_case_sensitively()
    {
        Sample.Server.FederatedCredentials.Clear();
        Sample.Server.FederatedCredentials.Add(new FederatedCredential(FederatedCredential.HomeTenantIssuer, "Workload"));

        Assert.Equal(700213, (await RequestAsync(IdentityToken(("sub", "workload")))).Refusal);
    }

    [Fact]
    public async Task A_forged_assertion_is_refused()
    {
        var claims = new JsonWebToken(IdentityToken()).Claims.ToDictionary(claim => claim.Type, claim => (object)claim.Value);
        claims["exp"] = long.Parse((string)claims["exp"], null);
        claims["nbf"] = long.Parse((string)claims["nbf"], null);
        var forged = Emulator.Tokens.Sign(claims, new SigningCredentials(SigningKeys.Create(), SecurityAlgorithms.RsaSha256));

        Assert.Equal(700027, (await RequestAsync(forged)).Refusal);
    }

    [Fact]
    public async Task A_client_without_federated_credentials_accepts_no_assertion()
    {
        Sample.Server.FederatedCredentials.Clear();

        Assert.Equal(700211, (await RequestAsync(IdentityToken())).Refusal);
    }

    [Theory]
    [InlineData("client_assertion", "garbage", 50027)]
    [InlineData("client_assertion_type", null, 900144)]
    [InlineData("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:saml2-bearer", 90023)]
    public async Task A_malformed_assertion_is_refused(string parameter, string? value, int code)
    {
        Assert.Equal(code, (await RequestAsync(IdentityToken(), (parameter, value))).Refusal);
    }

    private string IdentityToken(params (string Name, object Value)[] overrides) => Emulator.Tokens.AccessToken(
        new AccessTokenRequest(
            Sample.Contoso, Sample.Daemon, Sample.Directory.FindResource(MicrosoftApplications.TokenExchangeAudience, Sample.Contoso)!)
        {
            PrincipalId = SampleDirectory.IdentityObjectId,
            Overrides = overrides.ToDictionary(pair => pair.Name, pair => (object?)pair.Value),
        });

    private Task<OAuthDriver.TokenAnswer> RequestAsync(string assertion, params (string Name, string? Value)[] changes)
    {
        var form = OAuthDriver.With(
            new()
            {
                ["grant_type"] = "client_credentials",
                ["client_id"] = SampleDirectory.ServerId,
                ["client_assertion"] = assertion,
                ["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                ["scope"] = "https://graph.microsoft.com/.default",
            },
            changes);
        return OAuth.TokenAsync([.. form.Select(pair => (pair.Key, pair.Value))]);
    }
}
