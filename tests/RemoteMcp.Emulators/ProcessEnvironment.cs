namespace RemoteMcp.Emulators;

/// <summary>
/// Sets environment variables of this process until disposed. Azure.Identity and MSAL find the managed identity endpoint only through these
/// variables. Tests that use this class must not run in parallel with other tests.
/// </summary>
public sealed class ProcessEnvironment : IDisposable
{
    private readonly Dictionary<string, string?> _before;

    public ProcessEnvironment(IReadOnlyDictionary<string, string> variables)
    {
        _before = variables.Keys.ToDictionary(name => name, Environment.GetEnvironmentVariable);
        Apply(variables.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value)));
    }

    public void Dispose() => Apply(_before);

    private static void Apply(IEnumerable<KeyValuePair<string, string?>> variables)
    {
        foreach (var (name, value) in variables)
        {
            Environment.SetEnvironmentVariable(name, value);
        }
    }
}
