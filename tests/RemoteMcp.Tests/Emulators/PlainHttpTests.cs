using System.Net;
using Microsoft.Identity.Client;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using Microsoft.IdentityModel.Validators;
using RemoteMcp.Emulators;
using RemoteMcp.Emulators.Directories;
using Xunit;

namespace RemoteMcp.Tests.Emulators;

/// <summary>Tests the emulator without a certificate. HTTPS is the default, because Microsoft's libraries require it.</summary>
public sealed class PlainHttpTests : IAsyncLifetime
{
    private Emulator _emulator = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string Authority => _emulator.Addresses.Entra + SampleDirectory.ContosoId;

    public async ValueTask InitializeAsync() => _emulator = await Emulator.StartAsync(new EmulatorOptions { PlainHttp = true }, Cancelled);

    public ValueTask DisposeAsync() => _emulator.DisposeAsync();

    [Fact]
    public async Task Clients_sign_in_and_servers_that_allow_HTTP_validate_tokens()
    {
        using var oauth = new OAuthDriver(_emulator);
        var answer = await oauth.SignInAndRedeemAsync();
        Assert.Equal(HttpStatusCode.OK, answer.Status);

        var configuration = await OpenIdConnectConfigurationRetriever.GetAsync(
            Authority + "/v2.0/.well-known/openid-configuration", new HttpDocumentRetriever { RequireHttps = false }, Cancelled);
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(answer.AccessToken, new TokenValidationParameters
        {
            ValidIssuer = configuration.Issuer,
            ValidAudience = SampleDirectory.ServerId,
            IssuerSigningKeys = configuration.SigningKeys,
        });

        Assert.True(result.IsValid, result.Exception?.ToString());
    }

    [Fact]
    public void MSAL_refuses_an_HTTP_authority()
    {
        var exception = Assert.Throws<ArgumentException>(
            () => PublicClientApplicationBuilder.Create(SampleDirectory.DesktopClientId).WithAuthority(Authority));

        Assert.Contains("HTTPS", exception.Message);
    }

    [Fact]
    public async Task The_issuer_validator_of_Microsoft_Identity_Web_refuses_HTTP()
    {
        using var oauth = new OAuthDriver(_emulator);
        using var client = _emulator.CreateClient();
        var token = (await oauth.SignInAndRedeemAsync()).Claims;
        var validator = AadIssuerValidator.GetAadIssuerValidator(Authority + "/v2.0", client);

        var exception = Assert.Throws<SecurityTokenInvalidIssuerException>(
            () => validator.Validate(token.Issuer, token, new TokenValidationParameters()));

        Assert.Contains("IDX20108", exception.ToString());
    }
}
