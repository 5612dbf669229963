using Microsoft.IdentityModel.Tokens;
using RemoteMcp.Emulators.Directories;

namespace RemoteMcp.Emulators;

public enum SignInMode
{
    /// <summary>
    /// The authorize endpoint responds immediately, as with a signed-in browser. It grants every consent that a user is allowed to give.
    /// </summary>
    Automatic,

    /// <summary>The authorize endpoint shows a page on which a user selects an account and accepts.</summary>
    Form,
}

/// <summary>The options of an emulator.</summary>
public sealed class EmulatorOptions
{
    public EntraDirectory Directory { get; init; } = new SampleDirectory().Directory;

    /// <summary>The port of Entra ID and Graph on loopback. 0 selects a free port.</summary>
    public int Port { get; init; }

    /// <summary>The port of the managed identity endpoint on loopback. 0 selects a free port.</summary>
    public int IdentityPort { get; init; }

    /// <summary>
    /// Serves Entra ID over plain HTTP. This is sufficient for clients that use only OAuth. MSAL and Microsoft.Identity.Web refuse such an
    /// authority.
    /// </summary>
    public bool PlainHttp { get; init; }

    /// <summary>The certificate for HTTPS. Null creates a new certificate.</summary>
    public LoopbackCertificate? Certificate { get; init; }

    /// <summary>
    /// The first key that signs tokens. Null creates a new key. Tests share a key, because creating one takes longer than most tests.
    /// </summary>
    public X509SecurityKey? SigningKey { get; init; }

    /// <summary>The value of <c>IDENTITY_HEADER</c>. The managed identity endpoint refuses requests without it.</summary>
    public string IdentityHeader { get; init; } = Guid.NewGuid().ToString("N");

    public SignInMode SignIn { get; init; } = SignInMode.Automatic;

    /// <summary>
    /// The user who signs in automatically if the client sends no <c>login_hint</c>. Null means the first user of the tenant.
    /// </summary>
    public string? DefaultUser { get; init; }

    /// <summary>The lifetime of access tokens. In Entra, it is 60 to 90 minutes.</summary>
    public TimeSpan AccessTokenLifetime { get; init; } = TimeSpan.FromHours(1);

    public TimeSpan AuthorizationCodeLifetime { get; init; } = TimeSpan.FromMinutes(10);

    public TimeSpan RefreshTokenLifetime { get; init; } = TimeSpan.FromDays(90);

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Writes each request and each refusal to the console.</summary>
    public bool LogToConsole { get; init; }
}
