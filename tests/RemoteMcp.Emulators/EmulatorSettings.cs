using RemoteMcp.Emulators.Directories;

namespace RemoteMcp.Emulators;

/// <summary>The environment variables with which the server and its clients use this emulator.</summary>
public sealed class EmulatorSettings(EmulatorAddresses addresses, EmulatorOptions options)
{
    public IReadOnlyDictionary<string, string> Values => new Dictionary<string, string>
    {
        ["RemoteMcp__Auth__Mode"] = "Entra",
        ["RemoteMcp__Auth__Instance"] = addresses.Entra.ToString(),
        ["RemoteMcp__Auth__TenantId"] = SampleDirectory.ContosoId,
        ["RemoteMcp__Auth__ClientId"] = SampleDirectory.ServerId,
        ["IDENTITY_ENDPOINT"] = addresses.IdentityEndpoint.ToString(),
        ["IDENTITY_HEADER"] = options.IdentityHeader,
        ["AZURE_CLIENT_ID"] = SampleDirectory.IdentityClientId,
    };
}
