namespace RemoteMcp.Cli.Doctor;

/// <summary>The exception that is thrown when a user does not get a token. The message is the one of the sign-in service.</summary>
internal sealed class SignInFailedException(string message, string remedy, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Gets the action that fixes the problem.</summary>
    public string Remedy { get; } = remedy;
}
