# A temporary PostgreSQL 15 under another user, on a unix socket in a fresh directory.
import os
import pwd
import shutil
import subprocess
import tempfile

BIN = "/usr/lib/postgresql/15/bin"


class Cluster:
    def __enter__(self):
        self.dir = tempfile.mkdtemp(prefix="spike-pg-")
        who = pwd.getpwnam("postgres")
        os.chown(self.dir, who.pw_uid, who.pw_gid)
        os.chmod(self.dir, 0o755)
        self._run("initdb", "-D", f"{self.dir}/data", "-U", "spike", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        with open(f"{self.dir}/data/postgresql.conf", "a") as f:
            f.write(f"listen_addresses=''\nunix_socket_directories='{self.dir}'\nunix_socket_permissions=0777\n"
                    "track_commit_timestamp=on\ndeadlock_timeout=50ms\nmax_connections=60\nshared_buffers=256MB\n"
                    "max_wal_size=2GB\n")
        self._run("pg_ctl", "-D", f"{self.dir}/data", "-w", "-l", f"{self.dir}/log", "start")
        self.dsn = f"host={self.dir} user=spike dbname=postgres"
        return self

    def __exit__(self, *_):
        self._run("pg_ctl", "-D", f"{self.dir}/data", "-m", "immediate", "-w", "stop")
        shutil.rmtree(self.dir)

    def _run(self, program, *args):
        subprocess.run(["runuser", "-u", "postgres", "--", f"{BIN}/{program}", *args], check=True, timeout=60, cwd="/",
                       stdout=subprocess.DEVNULL)
