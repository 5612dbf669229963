using RemoteMcp.Emulators.Entra.Authorize;

namespace RemoteMcp.Emulators.Entra.Token;

/// <summary>
/// The endpoint that a device polls in the device authorization grant (RFC 8628). <see cref="DeviceEndpoints"/> contains the other two
/// endpoints.
/// </summary>
internal sealed class DeviceCodeGrant(GrantStore grants, TokenResponses responses, SignIn signIn, EmulatorClock time) : ITokenGrant
{
    // MSAL still sends the short name from the draft of the RFC.
    public IReadOnlyList<string> GrantTypes { get; } = ["urn:ietf:params:oauth:grant-type:device_code", "device_code"];

    public Task<TokenResponse> HandleAsync(TokenRequest request)
    {
        var code = grants.FindDeviceCode(request.Parameters.Require("device_code"));
        if (code is null || code.Client.ClientId != request.Client.ClientId)
        {
            throw ClientRefusals.DeviceUnknown();
        }
        if (time.GetUtcNow() > code.IssuedAt + DeviceEndpoints.Lifetime)
        {
            throw ClientRefusals.DeviceExpired();
        }
        if (code.Declined)
        {
            throw ClientRefusals.DeviceDeclined();
        }
        if (code.Approved is null && signIn.Mode == SignInMode.Automatic)
        {
            code.Approved = signIn.Start(request.Parameters, code.Tenant, code.Client, code.Scopes);
        }
        var session = code.Approved ?? throw ClientRefusals.DevicePending();
        Permissions.CheckAccount(session);
        return Task.FromResult(responses.ForUser(new UserGrant(session, code.Client, code.Scopes), request));
    }
}
