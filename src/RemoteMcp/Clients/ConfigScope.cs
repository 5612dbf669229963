namespace RemoteMcp.Clients;

/// <summary>Whom a configuration file is for.</summary>
internal enum ConfigScope
{
    /// <summary>Everybody who works in the current folder; such files are often committed.</summary>
    Project,

    /// <summary>The person who is signed in, in every folder.</summary>
    User,
}
