using Microsoft.IdentityModel.Tokens;
using RemoteMcp.Emulators.Directories;

namespace RemoteMcp.Emulators;

public enum SignInMode
{
    /// <summary>The authorize endpoint answers at once, as with a signed-in browser; what needs consent is granted where a user may.</summary>
    Automatic,

    /// <summary>The authorize endpoint shows a page on which a person picks an account and accepts.</summary>
    Form,
}

/// <summary>How an emulator starts.</summary>
public sealed class EmulatorOptions
{
    public EntraDirectory Directory { get; init; } = new SampleDirectory().Directory;

    /// <summary>Port of Entra ID and Graph on loopback; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>Port of the managed identity endpoint on loopback; 0 takes a free one.</summary>
    public int IdentityPort { get; init; }

    /// <summary>
    /// Serves Entra ID over plain HTTP. Enough for clients that only speak OAuth; MSAL and Microsoft.Identity.Web refuse such an authority.
    /// </summary>
    public bool PlainHttp { get; init; }

    /// <summary>The certificate of HTTPS; a new one when null.</summary>
    public LoopbackCertificate? Certificate { get; init; }

    /// <summary>The first key that signs tokens; a new one when null. Making one takes longer than most tests, so those share one.</summary>
    public X509SecurityKey? SigningKey { get; init; }

    /// <summary>The value of <c>IDENTITY_HEADER</c>, without which the managed identity endpoint gives nothing.</summary>
    public string IdentityHeader { get; init; } = Guid.NewGuid().ToString("N");

    public SignInMode SignIn { get; init; } = SignInMode.Automatic;

    /// <summary>Who signs in automatically when the client gives no <c>login_hint</c>; the tenant's first user when null.</summary>
    public string? DefaultUser { get; init; }

    /// <summary>Entra gives 60 to 90 minutes.</summary>
    public TimeSpan AccessTokenLifetime { get; init; } = TimeSpan.FromHours(1);

    public TimeSpan AuthorizationCodeLifetime { get; init; } = TimeSpan.FromMinutes(10);

    public TimeSpan RefreshTokenLifetime { get; init; } = TimeSpan.FromDays(90);

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Writes each request and each refusal to the console.</summary>
    public bool LogToConsole { get; init; }
}
